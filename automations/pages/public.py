"""The public pages behind the addresses of an e-mail: unsubscribing, choosing lists, reading it in a browser, the logo.

Mail programs and their guards open addresses by themselves, so nothing is changed by opening one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.csp import CSP
from django.utils.encoding import iri_to_uri
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from automations.campaigns import leaving
from automations.email import addresses, kept
from automations.email.tracking import keeping
from automations.email.tracking.hits import CLICKED, OPENED, Hit, is_machine
from automations.models import Message, Sender
from config.public_pages import public, too_often
from contacts.models import Way

# Of what was sent nothing runs, and pictures come from wherever they are.
_AS_SENT: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "img-src": ["https:", "http:", "data:"],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
}
# The smallest picture there is, and it shows nothing.
_NOTHING = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_KEPT_NOWHERE = {"Cache-Control": "no-store, private, max-age=0"}
type View = Callable[..., HttpResponse]


def _of_message(purpose: str) -> Callable[[View], View]:
    """Find the message that a token names, and speak its person's language; 404 for a token of nobody."""

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: HttpRequest, token: str) -> HttpResponse:
            told = addresses.read(purpose, token)
            message = _message(told.number) if told else None
            if message is None:
                return _unknown(request)
            if refused := too_often(request):
                return refused
            with translation.override(message.contact.language or settings.LANGUAGE_CODE):
                answer = view(request, message)
            answer["X-Robots-Tag"] = "noindex"
            return answer

        return found

    return decorate


def _message(number: Any) -> Message | None:
    rows = Message.objects.select_related("contact", "sheet")
    return rows.filter(number=number).first()


@csrf_exempt  # a mail program that unsubscribes with one click has no cookie; the token says who it is
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_message(addresses.UNSUBSCRIBE)
@public
def unsubscribe(request: HttpRequest, message: Message) -> HttpResponse:
    """Ask, and unsubscribe from everything when the button is pressed, or by one click (RFC 8058)."""
    is_done = request.method == "POST"
    if is_done:
        is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        leaving.leave(message, way=Way.ONE_CLICK if is_one_click else Way.UNSUBSCRIBE_PAGE)
    preferences = addresses.address(addresses.PREFERENCES, message.number)
    return render(request, "automations/public/unsubscribe.html", {"is_done": is_done, "preferences": preferences})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_message(addresses.PREFERENCES)
@public
def preferences(request: HttpRequest, message: Message) -> HttpResponse:
    """Show the lists that somebody is or was on, and take what they choose."""
    is_saved = request.method == "POST"
    if is_saved:
        told = request.POST.getlist("list")
        chosen = {int(one) for one in told if one.isascii() and one.isdecimal() and len(one) < 10}
        language, is_measured = request.POST.get("language", ""), request.POST.get("measure") == "on"
        leaving.choose(message, chosen, language=language, is_measured=is_measured)
    contact = message.contact
    with translation.override(contact.language or settings.LANGUAGE_CODE):
        own = {
            "is_saved": is_saved,
            "standings": leaving.standings(contact),
            "languages": settings.LANGUAGES,
            "language": contact.language,
            "is_measured": contact.is_measured,
        }
        return render(request, "automations/public/preferences.html", own)


@never_cache
@require_safe
@_of_message(addresses.BROWSER)
def browser(request: HttpRequest, message: Message) -> HttpResponse:
    """Show the e-mail as it was sent."""
    html, _text = kept.of(message)
    return _as_sent(request, html) if html else _unknown(request)


@csp_override(_AS_SENT)
def _as_sent(_request: HttpRequest, html: str) -> HttpResponse:
    return HttpResponse(html)


@xframe_options_exempt
@cache_control(public=True, max_age=30 * 24 * 3600, immutable=True)
@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponse:
    """Give the sender's logo, whose name changes with it."""
    one = get_object_or_404(Sender, logo_name=name)
    if not one.logo:
        raise Http404
    answer = HttpResponse(bytes(one.logo), content_type=one.logo_type)
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Give a picture that nobody sees, whatever the token, and note that the e-mail was opened."""
    told = addresses.read(addresses.OPEN, token)
    if told and request.method == "GET":
        keeping.take(Hit(message=told.number, kind=OPENED, is_machine=is_machine(request.META)))
    answer = HttpResponse(_NOTHING, content_type="image/gif", headers=_KEPT_NOWHERE)
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@require_safe
def clicked(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the target that was signed when the e-mail was sent, and note that it was clicked."""
    told = addresses.read(addresses.CLICK, token)
    if told is None or not told.target.startswith(("http://", "https://")):
        return _unknown(request)
    if request.method == "GET":
        hit = Hit(message=told.number, kind=CLICKED, target=told.target, is_machine=is_machine(request.META))
        keeping.take(hit)
    answer = HttpResponse(status=302, headers=_KEPT_NOWHERE)
    answer["Location"] = iri_to_uri(told.target)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public
def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "automations/public/unknown.html", status=404)
