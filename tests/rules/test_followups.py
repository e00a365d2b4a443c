"""No resolution is lost: what stays open comes back to the next meeting of its series until it is closed."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Agency, User
from projects.models import AgendaItem, Assignment, FollowUp, Meeting, MeetingSeries
from projects.rules import assignments, decisions, followups, meetings, phases, series

NOW = dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)


def days(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=n)


@pytest.fixture
def body(staff: User) -> MeetingSeries:
    return series.add(by=staff, key="sub", name_th="อ.ก.พ.ร.")


def add(by: User, body: MeetingSeries, on: dt.date, prefill: bool = True) -> Meeting:
    return meetings.add(by=by, now=NOW, series=body, starts_on=on, prefill=prefill)


def asked(by: User, agency: Agency, meeting: Meeting, text: str = "ศึกษา") -> Assignment:
    return meetings.add_part(
        Assignment, by=by, meeting=Meeting.objects.get(pk=meeting.pk), agency=agency, text_th=text, now=NOW
    )


def listed(meeting: Meeting) -> list[str]:
    return [row.assignment.text_th for row in FollowUp.objects.filter(meeting=meeting)]


def test_what_is_open_returns_to_the_next_meeting_and_to_no_other(
    staff: User, agency: Agency, body: MeetingSeries
) -> None:
    held, following, later = add(staff, body, days(-1)), add(staff, body, days(5)), add(staff, body, days(9))
    first, second = asked(staff, agency, held, "ก"), asked(staff, agency, held, "ข")
    elsewhere = add(staff, series.add(by=staff, key="o", name_th="อื่น"), days(6))
    assert (listed(following), listed(later), listed(elsewhere)) == (["ก", "ข"], [], [])
    assert {row.item for row in FollowUp.objects.all()} == {following.agenda.get(kind="arising")}
    decisions.close(first, by=staff, note="ครบ", now=NOW)
    assert (listed(following), listed(later)) == (["ข"], [])
    decisions.reopen(Assignment.objects.get(pk=first.pk), by=staff)
    assert listed(following) == ["ข", "ก"]
    phases.hold(following, by=staff, now=NOW + dt.timedelta(days=5))
    assert (listed(following), listed(later)) == (["ข", "ก"], ["ก", "ข"])
    decisions.close(Assignment.objects.get(pk=second.pk), by=staff, note="ครบ", meeting=following, now=NOW)
    assert (listed(following), listed(later)) == (["ข", "ก"], ["ก"])  # what a meeting had before it stays its own


def test_a_meeting_that_is_made_later_finds_what_is_open(staff: User, agency: Agency, body: MeetingSeries) -> None:
    asked(staff, agency, add(staff, body, days(-1)))
    plain = add(staff, body, days(5), prefill=False)
    assert (listed(plain), [str(row) for row in plain.agenda.all()]) == (["ศึกษา"], ["1 เรื่องสืบเนื่อง"])
    sooner = add(staff, body, days(3))
    assert (listed(plain), listed(sooner)) == ([], ["ศึกษา"])
    meetings.edit(Meeting.objects.get(pk=sooner.pk), by=staff, version=sooner.version, series=body, starts_on=days(8))
    assert (listed(plain), listed(sooner)) == (["ศึกษา"], [])


def test_asking_again_changes_nothing(staff: User, agency: Agency, body: MeetingSeries) -> None:
    asked(staff, agency, add(staff, body, days(-1)))
    add(staff, body, days(5))
    rows = FollowUp.history.count()
    for _time in range(3):
        followups.carry_on(body, by=staff)
    assert (FollowUp.objects.count(), FollowUp.history.count()) == (1, rows)


def test_work_that_was_prepared_comes_back_only_once_its_meeting_was_held(
    staff: User, agency: Agency, body: MeetingSeries
) -> None:
    first, second = add(staff, body, TODAY), add(staff, body, days(5))
    asked(staff, agency, first)
    assert (listed(first), listed(second)) == ([], [])
    phases.hold(first, by=staff, now=NOW)
    assert (listed(first), listed(second)) == ([], ["ศึกษา"])


def test_how_a_matter_stood_is_kept_with_the_meeting(
    staff: User, reporter: User, agency: Agency, body: MeetingSeries
) -> None:
    task = asked(staff, agency, add(staff, body, days(-1)))
    meeting = add(staff, body, TODAY)
    assignments.answer(task, by=reporter, text="ครึ่งทาง", percent=50, now=NOW)
    phases.hold(meeting, by=staff, now=NOW)
    decisions.close(Assignment.objects.get(), by=staff, note="พอ", meeting=meeting, now=NOW)
    row = FollowUp.objects.get()
    assert (row.was, row.was_percent, row.was_due_on, row.assignment.state) == ("answered", 50, None, "closed")
    assert row.assignment.closed_in == meeting


def test_a_meeting_closes_only_what_was_before_it(staff: User, agency: Agency, body: MeetingSeries) -> None:
    held = add(staff, body, days(-1))
    task, coming = asked(staff, agency, held), add(staff, body, days(5))
    with pytest.raises(ValidationError) as refusal:
        decisions.close(task, by=staff, note="x", meeting=held, now=NOW)
    assert list(refusal.value.message_dict) == ["meeting"]
    with pytest.raises(ValidationError) as refusal:
        decisions.close(task, by=staff, note="x", meeting=coming, now=NOW)
    assert (refusal.value.code, Assignment.objects.get().state) == ("moment", "open")


def test_what_the_meeting_said_is_noted_once_it_was_held(
    staff: User, reporter: User, agency: Agency, body: MeetingSeries
) -> None:
    asked(staff, agency, add(staff, body, days(-1)))
    meeting = add(staff, body, TODAY)
    row = FollowUp.objects.get()
    with pytest.raises(PermissionDenied):
        followups.note(row, by=reporter, version=1, note="x")
    with pytest.raises(ValidationError) as refusal:
        followups.note(row, by=staff, version=1, note="ให้เร่งรัด")
    assert refusal.value.code == "moment"
    phases.hold(meeting, by=staff, now=NOW)
    row.refresh_from_db()
    assert followups.note(row, by=staff, version=row.version, note=" ให้เร่งรัด ").note == "ให้เร่งรัด"


def test_the_place_of_open_matters_stays_on_the_agenda(staff: User, agency: Agency, body: MeetingSeries) -> None:
    task = asked(staff, agency, add(staff, body, days(-1)))
    meeting = add(staff, body, days(5))
    item = meeting.agenda.get(kind="arising")
    with pytest.raises(ValidationError):
        meetings.remove_part(item, by=staff)
    assert AgendaItem.objects.filter(pk=item.pk).exists()
    decisions.close(task, by=staff, note="ครบ", now=NOW)
    meetings.remove_part(item, by=staff)
    assert not AgendaItem.objects.filter(pk=item.pk).exists()


@pytest.mark.parametrize("size", [1, 20])
def test_bringing_matters_in_line_costs_the_same_when_nothing_changed(
    staff: User, agency: Agency, body: MeetingSeries, size: int, django_assert_num_queries: Any
) -> None:
    held = add(staff, body, days(-1))
    for _row in range(size):
        asked(staff, agency, held)
    add(staff, body, days(5))
    with django_assert_num_queries(6):
        followups.carry_on(body, by=staff)


def test_a_meeting_that_never_took_place_keeps_nothing_back(staff: User, agency: Agency, body: MeetingSeries) -> None:
    asked(staff, agency, add(staff, body, days(-1)))
    missed, held, later = (add(staff, body, days(n)) for n in (2, 5, 9))
    assert listed(missed) == ["ศึกษา"]
    phases.hold(held, by=staff, now=NOW + dt.timedelta(days=5))
    assert (listed(missed), listed(held), listed(later)) == ([], ["ศึกษา"], ["ศึกษา"])


def test_a_meeting_that_leaves_its_series_leaves_the_matters_behind(
    staff: User, agency: Agency, body: MeetingSeries
) -> None:
    asked(staff, agency, add(staff, body, days(-1)))
    meeting = add(staff, body, days(5))
    answers = {"series": None, "number": None, "year": None, "title_th": "ประชุม"}
    meetings.edit(meeting, by=staff, version=meeting.version, **answers)
    assert (listed(meeting), listed(add(staff, body, days(7)))) == ([], ["ศึกษา"])


def test_what_a_later_meeting_found_stays_and_so_does_what_is_closed(
    staff: User, agency: Agency, body: MeetingSeries
) -> None:
    held = add(staff, body, days(-1))
    task, other = asked(staff, agency, held, "ก"), asked(staff, agency, held, "ข")
    decisions.close(other, by=staff, note="ครบ", now=NOW)
    phases.hold(add(staff, body, TODAY), by=staff, now=NOW)
    for row in (task, other):
        with pytest.raises(ValidationError):
            meetings.remove_part(row, by=staff)
    with pytest.raises(ValidationError):
        meetings.remove(held, by=staff)
    assert (Assignment.objects.count(), FollowUp.objects.count()) == (2, 1)


def test_the_place_of_open_matters_stays_what_it_is(staff: User, agency: Agency, body: MeetingSeries) -> None:
    asked(staff, agency, add(staff, body, days(-1)))
    item = add(staff, body, days(5)).agenda.get(kind="arising")
    with pytest.raises(ValidationError) as refusal:
        meetings.edit_part(item, by=staff, version=item.version, kind="")
    assert list(refusal.value.message_dict) == ["kind"]
