"""Saved reports: named once, changed by one at a time, and what they ask for stays."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from reports.custom import reading, saved
from reports.models import Report
from subscriptions.segments import saved as segments
from subscriptions.segments import uses

pytestmark = pytest.mark.django_db
BY_STATUS: dict[str, Any] = {"about": "payments", "groups": [{"by": "status"}], "measures": [{"of": "payments"}]}


def make(name: str = "By status", **more: Any) -> Report:
    return saved.create(BY_STATUS | more, name=name)


def test_a_report_is_saved_as_it_is_written(admin_user: User) -> None:
    made = saved.create(BY_STATUS, name=" By status ", description=" For Monday ", owner=admin_user)
    kept = Report.objects.get()
    assert (kept, kept.name, kept.description, kept.owner, kept.changed_by) == (
        made, "By status", "For Monday", admin_user, admin_user
    )  # fmt: skip
    assert kept.definition == reading.read(BY_STATUS).write()
    assert saved.definition_of(kept).about.key == "payments"


def test_a_name_is_given_once_however_it_is_capitalised() -> None:
    made = make()
    with pytest.raises(saved.NameTaken):
        make("BY STATUS")
    assert saved.rename(made, name="by STATUS").name == "by STATUS"
    other = make("Other")
    with pytest.raises(saved.NameTaken):
        saved.rename(other, name="By Status")


@pytest.mark.parametrize(
    ("name", "field"), [(" ", "name"), ("x" * 201, "name"), ("a\x00b", "name"), ("\ud800", "name")]
)
def test_a_name_that_is_none_is_refused(name: str, field: str) -> None:
    with pytest.raises(saved.BadName) as caught:
        make(name)
    assert caught.value.field == field


def test_the_second_of_two_who_save_at_once_is_told(admin_user: User) -> None:
    made = make()
    changed = saved.save(made, BY_STATUS | {"limit": 5}, by=admin_user, seen=1)
    assert (changed.revision, changed.definition["limit"], changed.changed_by) == (2, 5, admin_user)
    with pytest.raises(saved.Stale) as caught:
        saved.save(made, BY_STATUS | {"limit": 6}, seen=1)
    assert caught.value.report.changed_by == admin_user
    assert saved.save(changed, BY_STATUS | {"limit": 5}).revision == 2
    with pytest.raises(reading.ReportError):
        saved.save(changed, {"about": "moons"})


def test_a_report_is_duplicated_archived_taken_out_and_deleted() -> None:
    made = make()
    copies = [saved.duplicate(made).name for _ in range(2)]
    assert copies == ["By status (copy)", "By status (copy) 2"]
    assert [saved.archive(made), saved.archive(made)] == [True, False]
    assert made not in Report.objects.living()
    assert [saved.take_out(made), saved.take_out(made)] == [True, False]
    saved.delete(made)
    assert Report.objects.count() == 2


@pytest.mark.parametrize("is_archived", [False, True])
def test_a_segment_that_a_report_asks_for_cannot_be_deleted(is_archived: bool) -> None:
    vip = segments.create({"tag": "vip", "op": "has"}, name="VIP")
    made = make(where={"segment": vip.pk, "op": "in"})
    if is_archived:
        saved.archive(made)
    [use] = uses.of([vip.pk])[vip.pk]
    assert (str(use.kind), use.name) == ("Report", "By status")
    with pytest.raises(segments.InUse):
        segments.delete(vip)
    saved.delete(made)
    segments.delete(vip)
