"""Writing a campaign: its form, saving it, and how it reads as somebody gets it, with what is to be mended."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from automations import uses
from automations.campaigns import keeping, previewing
from automations.email import checks, sheets
from automations.email.content import ContentError
from automations.models import Campaign
from automations.names import free_name
from automations.pages import choosing, labels
from automations.pages.campaigns import access, typed
from automations.pages.making import name_taken
from automations.pages.pictures import with_pictures
from automations.refusals import InUse, NameTaken, Stale
from config.access import is_script, person, who
from config.audit.log import record
from subscriptions import display, personalisation
from subscriptions.segments.description import GROUPS
from subscriptions.segments.subjects import PAYMENT


class NamingForm(forms.Form):
    """What a campaign is called, and how it is sent."""

    name = forms.CharField(label=_("Name"), max_length=Campaign._meta.get_field("name").max_length)
    kind = forms.ChoiceField(choices=Campaign.Kind.choices, initial=Campaign.Kind.AUTOMATED, required=False)


@access.may("add")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a name, and make an empty e-mail of it; a script gets one under a free name, and where it is written."""
    if is_script(request) and request.method == "POST":
        wanted = request.POST.get("name", "").replace("\0", "").strip() or gettext("E-mail")
        one = _made(request, free_name(wanted, Campaign))
        return JsonResponse({"name": one.pk, "label": one.name})
    form = NamingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kind = form.cleaned_data["kind"] or Campaign.Kind.AUTOMATED
            return redirect("campaign", _made(request, form.cleaned_data["name"], kind).pk)
        except NameTaken:
            form.add_error("name", gettext("There is a campaign of this name already."))
    context = access.context(request, gettext("New e-mail"), form=form)
    status = 422 if request.method == "POST" else 200
    return render(request, "automations/campaigns/new.html", context, status=status)


@with_pictures
@access.may("view")
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the form, and save what was changed in it."""
    one = access.find(campaign_id)
    if request.method != "POST":
        return _page(request, one, one.draft)
    access.require(request, "change")
    draft = typed.draft(request.POST)
    try:
        with transaction.atomic():
            kept = _save(request, one, draft)
    except Stale:
        return _page(request, access.find(one.pk), draft, problem=_stale(one.pk), status=409)
    except InUse as fixed:
        messages.error(request, str(fixed))
        return redirect("campaign", one.pk)
    except (NameTaken, ContentError) as error:
        wrong = error.errors if isinstance(error, ContentError) else {"name": name_taken()}
        return _page(request, one, draft, errors=wrong, status=422)
    if "use" in request.POST:
        return _used(request, kept) if one.is_automated else redirect("campaign_sending", one.pk)
    messages.success(request, gettext("The draft has been saved."))
    return redirect("campaign", one.pk)


@access.may("view")
@require_POST
def preview(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Tell how what is typed reads for a person, and what is to be mended."""
    one = access.find(campaign_id)
    asked = choosing.asked(request, request.POST)
    shown = previewing.show(
        one,
        typed.draft(request.POST),
        contact=asked.get("contact"),
        payment=asked.get("payment"),
        language=request.POST.get("language", ""),
        is_dark=request.POST.get("dark") == "on",
    )
    people = [{"name": one.pk, "label": f"{one} · {one.email}"} for one in asked.get("found", [])]
    payments = [{"name": each.pk, "label": each.name or each.store_recurring_payment_id} for each in shown.payments]
    return JsonResponse(
        {
            "people": people,
            "contact": {"name": shown.contact.pk, "label": str(shown.contact)},
            "payments": payments,
            "payment": shown.payment.pk if shown.payment else None,
            "head": shown.written.head,
            "html": shown.written.html,
            "text": shown.written.text,
            "findings": checks.as_json(shown.findings),
        }
    )


def _made(request: HttpRequest, name: str, kind: str = Campaign.Kind.AUTOMATED) -> Campaign:
    with transaction.atomic():
        one = keeping.create(name=name, kind=kind, draft={"purpose": "marketing"}, by=person(request))
        record("added", about=one, request=request)
    return one


def _save(request: HttpRequest, one: Campaign, draft: dict[str, Any]) -> Campaign:
    seen = request.POST.get("seen", "")
    kept = keeping.save(
        one,
        draft=draft,
        name=request.POST.get("name", "").replace("\0", "").strip()[:200] or one.name,
        by=person(request),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
    )
    if kept.revision != one.revision:
        record("changed", about=kept, request=request)
    return kept


def _used(request: HttpRequest, one: Campaign) -> HttpResponse:
    """Put what has been saved into use."""
    try:
        with transaction.atomic():
            version = keeping.put_into_use(one, by=person(request))
            if version.number != one.version:
                record("campaign.put_into_use", about=one, request=request, version=version.number)
    except ContentError:
        messages.error(request, gettext("The draft is saved, but cannot be sent like this. Mend what is marked first."))
        return redirect("campaign", one.pk)
    messages.success(request, gettext("From now on it is sent like this."))
    return redirect("campaign", one.pk)


def _stale(campaign_id: int) -> str:
    newest = access.find(campaign_id)
    named = {"who": who(newest.changed_by), "when": display.relative(newest.updated_at)}
    return gettext("%(who)s saved this e-mail %(when)s, while you were working on it.") % named


def _page(
    request: HttpRequest,
    one: Campaign,
    draft: dict[str, Any],
    *,
    errors: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    newest = one.versions.filter(number=one.version).first()
    wrong, fixed = errors or {}, keeping.mailing_of(one) is not None
    own = {
        "campaign": one,
        "languages": typed.languages(draft, wrong),
        "settings": typed.settings_of(draft, wrong),
        "form": draft.get("form", "designed"),
        "problem": problem,
        "errors": wrong,
        "findings": previewing.findings(one, draft),
        "senders": uses.of_campaigns([one.pk]).get(one.pk, []),
        "is_live": bool(newest and newest.content == one.draft),
        "may_save": access.is_allowed(request, "change") and not one.is_archived and not fixed,
        "is_fixed": fixed,
        "tags": _tags(has_payment=one.is_automated),
        "sender": sheets.sender(),
        "address": person(request).email,
        "labels": labels.shown(one),
    }
    return render(
        request,
        "automations/campaigns/campaign.html",
        access.context(request, one.name, tab="write", **own),
        status=status,
    )


def _tags(*, has_payment: bool) -> list[dict[str, Any]]:
    """Offer the tags in the groups of Manage data, those of the contact first, then the links that e-mails have."""
    from automations.email.content import LINKS

    known = [
        *personalisation.tags(has_payment=has_payment),
        *((f"link.{name}", label) for name, label in LINKS.items()),
    ]
    return [{"name": name, "label": str(label), "group": _group(name)} for name, label in known]


def _group(tag: str) -> str:
    root, _dot, name = tag.partition(".")
    if root == "recurring_payment":
        return str(GROUPS[PAYMENT[name].group if name in PAYMENT else "items"])
    return str(GROUPS["contact"]) if root == "contact" else gettext("Links")
