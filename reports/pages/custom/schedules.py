"""When a report is sent by e-mail, and to whom."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.access import who
from config.audit.log import record
from reports.custom import scheduling
from reports.custom.schedule_words import said
from reports.models import Report, Schedule
from reports.pages.custom import access

# how many of the last e-mails are told
_MOST_MAILS = 10


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """When, to whom, and what is attached; the day is that of the week or of the month, as the rhythm says."""

    field_order = ("rhythm", "weekday", "monthday", "hour", "file", "language", "recipients")
    rhythm = forms.ChoiceField(label=_("How often"), choices=Schedule.Rhythm.choices)
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"), choices=Schedule.DAYS_OF_WEEK, coerce=int, required=False
    )
    monthday = forms.IntegerField(label=_("Day of the month"), min_value=1, max_value=31, required=False)
    hour = forms.TypedChoiceField(label=_("Hour"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int)
    recipients = forms.ModelMultipleChoiceField(
        label=_("To"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose somebody who gets it.")},
    )

    class Meta:
        model = Schedule
        fields = ("rhythm", "hour", "file", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = cast(Any, self.fields["recipients"])
        people.queryset = scheduling.readers()
        people.label_from_instance = _named

    def clean(self) -> dict[str, Any]:
        """Take the day that the rhythm asks for."""
        told: dict[str, Any] = super().clean() or {}
        name = {"weekly": "weekday", "monthly": "monthday"}.get(told.get("rhythm", ""))
        if name and not told.get(name) and name not in self.errors:
            self.add_error(name, _("Choose a day."))
        if len(told.get("recipients", ())) > scheduling.MOST_RECIPIENTS:
            words = _("Choose at most %(most)d people.") % {"most": scheduling.MOST_RECIPIENTS}
            self.add_error("recipients", words)
        self.instance.day = (told.get(name) or 1) if name else 1
        return told


def _named(person: User) -> str:
    name = person.get_full_name()
    return f"{name} ({person.email})" if name else person.email


@access.may("view")
@require_safe
def schedules(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show when a report is sent, to whom, and how the last e-mails went."""
    report = access.find(report_id)
    getting = set(scheduling.readers().order_by().values_list("pk", flat=True))
    rows = [_row(one, getting) for one in scheduling.schedules_of(report)]
    own = {"report": report, "rows": rows, "has_address": bool(access.person(request).email)}
    context = access.context(request, gettext("Sent by e-mail"), **own)
    return render(request, "reports/custom/schedules.html", context)


def _row(one: Schedule, getting: set[int]) -> dict[str, Any]:
    return {
        "schedule": one,
        "words": said(one),
        "owner": who(one.owner),
        "people": [(_named(each), each.pk in getting) for each in one.recipients.all()],
        "mails": list(one.mails.all())[:_MOST_MAILS],
    }


@access.may("change")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, report_id: int) -> HttpResponse:
    """Ask when a report is to be sent, and begin to."""
    report = access.find(report_id)
    if report.schedules.count() >= scheduling.MOST_OF_REPORT:
        words = gettext("A report is sent at %(most)d times at most.") % {"most": scheduling.MOST_OF_REPORT}
        messages.error(request, words)
        return redirect("custom_report_schedules", report.pk)
    me = access.person(request)
    beginning = {"recipients": [me.pk], "language": get_language(), "weekday": 1, "monthday": 1}
    return _form(request, report, Schedule(report=report, owner=me), beginning)


@access.may("change")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    """Change when a report is sent, and to whom."""
    one = _find(report_id, schedule_id)
    days = {"weekday": min(one.day, 7), "monthday": one.day}
    return _form(request, one.report, one, days | {"recipients": [each.pk for each in one.recipients.all()]})


def _form(request: HttpRequest, report: Report, schedule: Schedule, beginning: dict[str, Any]) -> HttpResponse:
    is_on = schedule.pk is None or schedule.next_at is not None
    form = ScheduleForm(request.POST if request.method == "POST" else None, instance=schedule, initial=beginning)
    if request.method == "POST" and form.is_valid():
        people = form.cleaned_data["recipients"]
        with transaction.atomic():
            scheduling.save(form.save(commit=False), recipients=people, is_on=is_on)
            record("report.scheduled", about=report, request=request, people=", ".join(who(one) for one in people))
        messages.success(request, gettext("It is sent: %(when)s.") % {"when": said(schedule)})
        return redirect("custom_report_schedules", report.pk)
    own = {"report": report, "schedule": schedule, "form": form}
    context = access.context(request, gettext("Send by e-mail"), **own)
    return render(request, "reports/custom/schedule.html", context, status=422 if form.errors else 200)


@access.may("change")
@require_POST
def now(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    """Send one e-mail to whoever asks for it."""
    one, me = _find(report_id, schedule_id), access.person(request)
    if not me.email:
        messages.error(request, gettext("Your account has no e-mail address."))
    else:
        scheduling.send_now(one, me)
        messages.success(request, gettext("It is on its way to %(email)s.") % {"email": me.email})
    return redirect("custom_report_schedules", report_id)


@access.may("change")
@require_POST
def switch(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    """Switch a schedule off, or on again."""
    one = _find(report_id, schedule_id)
    is_on, people = one.next_at is None, list(one.recipients.all())
    with transaction.atomic():
        scheduling.save(one, recipients=people, is_on=is_on)
        names = {"people": ", ".join(who(each) for each in people)} if is_on else {}
        record("report.scheduled" if is_on else "report.unscheduled", about=one.report, request=request, **names)
    messages.success(request, gettext("It is sent again.") if is_on else gettext("It is not sent any more."))
    return redirect("custom_report_schedules", report_id)


@access.may("change")
@require_POST
def delete(request: HttpRequest, report_id: int, schedule_id: int) -> HttpResponse:
    """Send a report no more at these times."""
    one = _find(report_id, schedule_id)
    with transaction.atomic():
        record("report.unscheduled", about=one.report, request=request)
        one.delete()
    messages.success(request, gettext("It is not sent any more."))
    return redirect("custom_report_schedules", report_id)


def _find(report_id: int, schedule_id: int) -> Schedule:
    return get_object_or_404(Schedule.objects.select_related("report"), pk=schedule_id, report=report_id)
