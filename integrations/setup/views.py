"""The pages of the set-up, one a step, and what is done on the last one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from config.audit.log import record
from integrations import connected_apps, connecting
from integrations.api import keys
from integrations.connecting import Credentials
from integrations.models import Connection
from integrations.providers import PROVIDERS, SENDERS
from integrations.providers.api_store import API
from integrations.providers.base import ProviderError
from integrations.setup import checklist, finishing, steps
from integrations.setup.forms import CredentialsForm, OptionsForm, ResourceForm

View = Callable[..., HttpResponse]
_ADMINISTERING = ("integrations.add_connection", "integrations.change_connection")
# As any store shows them.
_LONGEST_PROOFS = {"webhook_id": 100, "webhook_secret": 500}
_administers = permission_required(_ADMINISTERING, raise_exception=True)


def _of_connection(view: View) -> View:
    """Hand a view the connection that its address names, unless that is being disconnected."""

    @_administers
    @wraps(view)
    def find(request: HttpRequest, connection_id: int) -> HttpResponse:
        staying = Connection.objects.filter(leaving="").select_related("store")
        return view(request, get_object_or_404(staying, pk=connection_id))

    return find


def _page(request: HttpRequest, step: steps.Step, connection: Connection | None, **context: Any) -> HttpResponse:
    known = admin.site.each_context(request) | {
        "title": _("Add a new resource"),
        "steps": steps.places(step, connection),
        "step": step,
        "connection": connection,
        "back": steps.address(steps.STEPS[steps.STEPS.index(step) - 1], connection) if step is not steps.APP else "",
    }
    return render(request, f"integrations/setup/{step.name.removeprefix('setup_')}.html", known | context)


@permission_required("integrations.view_connection", raise_exception=True)
def cards(request: HttpRequest) -> HttpResponse:
    """Show what can be connected and what is."""
    found = connected_apps.cards()
    context = admin.site.each_context(request) | {
        "title": _("Connected apps"),
        "cards": found,
        "is_empty": not any(card.count for card in found),
        "may_connect": request.user.has_perms(_ADMINISTERING),
    }
    return render(request, "integrations/connected_apps.html", context)


@_administers
def app(request: HttpRequest) -> HttpResponse:
    """Ask which app it is."""
    return _page(request, steps.APP, None, cards=connected_apps.cards())


@_administers
def connect(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for the credentials of a new connection, and make it once the store accepts them."""
    if kind not in PROVIDERS:
        return redirect(steps.APP.name)
    return _credentials(request, None, kind=kind)


@_of_connection
def credentials(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Show the credentials again; secrets are kept unless new ones are entered."""
    return _credentials(request, connection, kind=connection.provider_name)


def _credentials(request: HttpRequest, connection: Connection | None, *, kind: str) -> HttpResponse:
    form = CredentialsForm(_sent(request), instance=connection, kind=kind)
    if request.method == "POST" and form.is_valid() and form.is_accepted():
        kept = _kept(request, form, is_new=connection is None)
        if kept:
            _look_around(request, kept, form.changed_data)
            return redirect(steps.RESOURCE.name, kept.pk)
    provider = PROVIDERS[kind]
    return _page(request, steps.CREDENTIALS, connection, form=form, app=provider.label, is_tried=bool(provider.check))


def _look_around(request: HttpRequest, connection: Connection, changed: list[str]) -> None:
    """See what this very store can do, and let it know what changed; what it answers is told."""
    try:
        connecting.tell_store(connection, changed)
    except ProviderError as error:
        messages.warning(request, error.words)


@transaction.atomic
def _kept(request: HttpRequest, form: CredentialsForm, *, is_new: bool) -> Connection | None:
    """Keep what was entered; None where somebody took the name while the store was asked, which the form then says."""
    if not form.has_name_still():
        return None
    if is_new:
        form.instance.is_set_up = False
    connection = form.save()
    fields = [form.fields[name].label for name in form.changed_data]
    if is_new or fields:
        record("connection.made" if is_new else "connection.changed", about=connection, request=request, fields=fields)
    return connection


@_of_connection
def resource(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Ask which parts of what the store tells are wanted, or say what comes where there is no choice."""
    provider = PROVIDERS[connection.provider_name]
    form = ResourceForm(_sent(request), connection=connection)
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            with transaction.atomic():
                form.save()
                record("connection.changed", about=connection, request=request, fields=[_("resources")])
        return redirect(steps.OPTIONS.name, connection.pk)
    about = connected_apps.about(provider.name)
    return _page(request, steps.RESOURCE, connection, form=form, app=provider.label, about=about)


@_of_connection
def options(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Ask what becomes of newcomers and of the past, then tell the store our address and begin."""
    form = OptionsForm(_sent(request), connection=connection)
    total = None
    if request.method == "POST" and form.is_valid():
        if not form.wants_announcing or form.cleaned_data["is_sure"]:
            return _begin(request, form)
        total = finishing.total_of(connection)
    asks = form.is_bound and form.is_valid() and form.wants_announcing
    return _page(request, steps.OPTIONS, connection, form=form, total=total, asks=asks)


def _begin(request: HttpRequest, form: OptionsForm) -> HttpResponse:
    connection = finishing.keep(form, request)
    _tell_store(request, connection)
    if form.cleaned_data.get("read_history"):
        finishing.read_past(connection, request, announces=form.wants_announcing)
    return redirect(steps.FINISH.name, connection.pk)


@_of_connection
def finish(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Show what is done, what is awaited and what is left to do."""
    return _finish(request, connection)


def _finish(request: HttpRequest, connection: Connection, **context: Any) -> HttpResponse:
    provider = PROVIDERS[connection.provider_name]
    known = _checklist(connection) | {
        "paste": f"integrations/setup/_paste_{provider.name}.html",
        "lacks": connection.lacks,
        "can_register": provider.register is not None and bool(connection.api_key),
        "has_webhooks": provider.name in SENDERS,
        "api_root": settings.PUBLIC_URL,
    }
    return _page(request, steps.FINISH, connection, **known | context)


@_of_connection
def progress(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Answer with the list as it stands, for the page that shows it live."""
    return render(request, "integrations/setup/_checklist.html", _checklist(connection) | {"connection": connection})


def _checklist(connection: Connection) -> dict[str, Any]:
    found = checklist.lines(connection)
    return {"lines": found, "goes_on": checklist.goes_on(found), "is_complete": checklist.is_complete(found)}


@_of_connection
@require_POST
def register(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Try once more to set our webhook up at the store."""
    _tell_store(request, connection)
    return redirect(steps.FINISH.name, connection.pk)


@_of_connection
@require_POST
def prove(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Take what proves the store's events, which its page has shown to whoever set the webhook up by hand."""
    value = request.POST.get("proof", "").strip()
    if connection.proof and connection.lacks and value:
        if len(value) > _LONGEST_PROOFS[connection.proof] or not value.isprintable():
            messages.error(request, gettext("This is not what the store shows. Copy it there once more."))
        else:
            _keep_proof(request, connection, {connection.proof: value})
            messages.success(request, gettext("Kept. The store's events are accepted from now on."))
    return redirect(steps.FINISH.name, connection.pk)


@transaction.atomic
def _keep_proof(request: HttpRequest, connection: Connection, given: dict[str, Any]) -> None:
    entered = Credentials(**given)
    fields = entered.changes(connection)
    entered.write_to(connection, PROVIDERS[connection.provider_name])
    connection.save_settings()
    record("connection.changed", about=connection, request=request, fields=fields)


@_of_connection
@require_POST
def make_key(request: HttpRequest, connection: Connection) -> HttpResponse:
    """Make the store's key and show it this once: it is in this answer and nowhere else."""
    if connection.provider_name != API.name:
        return redirect(steps.FINISH.name, connection.pk)
    _key, secret = keys.issue(connection, name=connection.name, request=request)
    return _finish(request, connection, secret=secret)


def _sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent; a form of boxes of which none is ticked sends nothing but itself."""
    return request.POST if request.method == "POST" else None


def _tell_store(request: HttpRequest, connection: Connection) -> None:
    try:
        told = finishing.tell_store(connection, request)
    except ProviderError as error:
        why = {"why": error.words}
        messages.warning(request, gettext("We could not set the webhook up by ourselves: %(why)s") % why)
    else:
        if told:
            messages.info(request, told)
