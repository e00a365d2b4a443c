"""A meeting from its preparation to adopted minutes: numbers, invitations, what each step asks and does."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Agency, Source, User
from agencies.rules import records
from govlab.models import Letter
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingSeries,
    SeriesMember,
    StandingItem,
)
from projects.rules import meetings, phases, publishing, series
from tests import factories

NOW = dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)


def days(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=n)


@pytest.fixture
def body(staff: User) -> MeetingSeries:
    return series.add(by=staff, key="sub", name_th="อ.ก.พ.ร.", quorum=None)


def add(by: User, body: MeetingSeries | None, on: dt.date = TODAY, **answers: Any) -> Meeting:
    return meetings.add(by=by, now=NOW, series=body, starts_on=on, **answers)


def refused(act: Any) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        act()
    return list(refusal.value.message_dict) if hasattr(refusal.value, "error_dict") else [refusal.value.code]


# --- numbers ---------------------------------------------------------------------------------------------------------
def test_a_series_numbers_its_meetings_by_the_year(staff: User, body: MeetingSeries) -> None:
    made = [add(staff, body, day) for day in (days(0), days(30), days(400), days(60))]
    assert [(row.number, row.year, row.key) for row in made] == [
        (1, 2569, "sub-1-2569"),
        (2, 2569, "sub-2-2569"),
        (1, 2570, "sub-1-2570"),
        (3, 2569, "sub-3-2569"),
    ]
    assert add(staff, series.add(by=staff, key="other", name_th="อื่น")).number == 1


def test_a_meeting_to_come_leaves_no_gap_and_one_of_the_past_has_the_number_of_its_documents(
    staff: User, body: MeetingSeries
) -> None:
    assert refused(lambda: add(staff, body, days(1), number=2)) == ["number"]
    assert add(staff, body, days(1), number=1).number == 1
    assert add(staff, body, dt.date(2021, 11, 23), number=3).key == "sub-3-2564"
    assert refused(lambda: add(staff, body, dt.date(2021, 12, 1), number=3)) == ["number"]
    assert Meeting.objects.count() == 2


def test_a_meeting_keeps_its_number_when_it_is_edited(staff: User, body: MeetingSeries) -> None:
    first, second = add(staff, body, days(1)), add(staff, body, days(2))
    kept = meetings.edit(first, by=staff, version=1, series=body, number=None, year=None, place_th="ห้อง 1")
    assert (kept.number, kept.year, kept.place_th) == (1, 2569, "ห้อง 1")
    assert refused(lambda: meetings.edit(second, by=staff, version=1, series=body, number=5, year=2569)) == ["number"]
    other = series.add(by=staff, key="other", name_th="อื่น")
    moved = meetings.edit(second, by=staff, version=1, series=other, number=None, year=None)
    assert (moved.number, moved.year) == (1, 2569)


def test_only_the_last_meeting_to_come_is_removed(staff: User, body: MeetingSeries) -> None:
    first, second = add(staff, body, days(1)), add(staff, body, days(2))
    with pytest.raises(ValidationError):
        meetings.remove(first, by=staff)
    meetings.remove(second, by=staff)
    meetings.remove(first, by=staff)
    assert add(staff, body, days(3)).number == 1


# --- what a new one begins with --------------------------------------------------------------------------------------
def test_a_new_meeting_begins_with_what_always_stands_and_with_the_members(staff: User, body: MeetingSeries) -> None:
    for name in ("ก", "ข"):
        series.add_part(SeriesMember, by=staff, series=body, name_th=name, email="k@x.test")
    series.move(SeriesMember.objects.get(name_th="ข"), by=staff, to="up")
    meeting = add(staff, body, days(1), prefill=True)
    assert [str(row) for row in meeting.agenda.order_by("position")] == [
        "1 เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ",
        "2 เรื่องรับรองรายงานการประชุม",
        "3 เรื่องสืบเนื่อง",
        "4 เรื่องเพื่อพิจารณา",
        "5 เรื่องอื่น ๆ",
    ]
    assert [(row.name_th, row.part, row.presence) for row in meeting.people.all()] == [
        ("ข", "member", ""),
        ("ก", "member", ""),
    ]


def test_a_series_has_its_own_standing_items(staff: User, body: MeetingSeries) -> None:
    StandingItem.objects.filter(series=body).exclude(kind="adoption").delete()
    series.add_part(StandingItem, by=staff, series=body, title_th="รายงานสถานการณ์")
    meeting = add(staff, body, days(1), prefill=True)
    assert [row.title_th for row in meeting.agenda.order_by("position")] == [
        "เรื่องรับรองรายงานการประชุม",
        "รายงานสถานการณ์",
    ]
    assert add(staff, body, days(2)).agenda.count() == 0  # nobody asked for them


def test_minutes_that_wait_are_put_up_for_adoption_with_who_wrote_the_last_ones(
    staff: User, body: MeetingSeries
) -> None:
    earlier = add(staff, body, days(-20), minutes_by="นางสาวข", checked_by="นายค")
    meeting = add(staff, body, days(1), prefill=True)
    assert (meeting.agenda.get(kind="adoption").adopts, meeting.minutes_by, meeting.checked_by) == (
        *(earlier, "นางสาวข", "นายค"),
    )


# --- the steps -------------------------------------------------------------------------------------------------------
PHASES: dict[str, list[str]] = {
    "planned": ["invite", "hold"],
    "invited": ["call_off", "hold"],
    "held": ["finish"],
    "drafted": ["adopt", "reopen"],
    "adopted": ["reopen"],
}
"""What staff may do in each phase; nobody else may do anything, ever."""


def brought_to(phase: str, staff: User, body: MeetingSeries) -> Meeting:
    meeting = add(staff, body, TODAY, prefill=True)
    ways: dict[str, list[Any]] = {
        "planned": [],
        "invited": [phases.invite],
        "held": [phases.hold],
        "drafted": [phases.hold, phases.finish],
        "adopted": [phases.hold, phases.finish, phases.adopt],
    }
    for act in ways[phase]:
        more = {"adopted_on": TODAY} if act is phases.adopt else {}
        meeting = act(meeting, by=staff, now=NOW, **more)
    assert meeting.phase == phase
    return meeting


@pytest.mark.parametrize("phase", list(PHASES))
def test_each_step_has_its_phase_and_is_for_staff(
    phase: str, staff: User, reporter: User, visitor: Any, body: MeetingSeries
) -> None:
    meeting = brought_to(phase, staff, body)
    assert phases.open_steps(staff, meeting) == PHASES[phase]
    assert (phases.open_steps(reporter, meeting), phases.open_steps(visitor, meeting)) == ([], [])
    before = (list(Meeting.objects.values()), Meeting.history.count())
    for verb in phases.STEPS:
        act = getattr(phases, verb)
        with pytest.raises(PermissionDenied):
            act(meeting, by=reporter)
        if verb not in PHASES[phase]:
            assert (verb, refused(lambda act=act: act(meeting, by=staff))) == (verb, ["moment"])
    assert (list(Meeting.objects.values()), Meeting.history.count()) == before


def test_a_conference_has_no_minutes_to_adopt(staff: User) -> None:
    held = factories.make_meeting(staff, published=False)
    assert phases.open_steps(staff, held) == []
    assert refused(lambda: phases.finish(held, by=staff)) == ["moment"]


def test_a_meeting_whose_day_has_passed_was_held(staff: User, body: MeetingSeries) -> None:
    assert [add(staff, body, days(n)).phase for n in (-1, 0, 1)] == ["held", "planned", "planned"]
    two_days = add(staff, None, days(-1), key="x", title_th="x", ends_on=TODAY, kind="conference")
    assert two_days.phase == "planned"


def test_a_meeting_is_not_held_before_its_day(staff: User, body: MeetingSeries) -> None:
    meeting = add(staff, body, days(1))
    assert refused(lambda: phases.hold(meeting, by=staff, now=NOW)) == ["moment"]
    held = phases.hold(meeting, by=staff, now=NOW + dt.timedelta(days=1))
    assert (held.phase, held.held_at) == ("held", NOW + dt.timedelta(days=1))


def test_whoever_has_an_address_is_invited_once_and_told_of_changes(
    staff: User, reporter: User, body: MeetingSeries
) -> None:
    meeting = add(staff, body, days(9), prefill=True, place_th="ห้องประชุม 1", starts_at=dt.time(9, 30))
    for name, email in (("ก", "K@x.test"), ("ข", reporter.email), ("ค", "")):
        meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th=name, email=email)
    phases.invite(meeting, by=staff, now=NOW)
    letters = list(Letter.objects.order_by("address"))
    assert [(row.address, row.user, row.outside, row.kind) for row in letters] == [
        ("K@x.test", None, True, "meeting_invited"),
        (reporter.email, reporter, False, "meeting_invited"),
    ]
    for words in ("ครั้งที่ 1/2569", "11 มีนาคม 2569", "9.30", "ห้องประชุม 1", "3 เรื่องสืบเนื่อง", body.feed_key):
        assert words in letters[0].text
    assert "/account" not in letters[0].text and "/account" in letters[1].text
    meeting.refresh_from_db()
    same = {"series": body, "place_th": "ห้องประชุม 1"}
    meeting = meetings.edit(meeting, by=staff, version=meeting.version, **same, theme_th="นวัตกรรม")
    assert Letter.objects.count() == 2
    meeting = meetings.edit(meeting, by=staff, version=meeting.version, series=body, place_th="ห้องประชุม 2")
    assert list(Letter.objects.order_by("pk").values_list("kind", flat=True)[2:]) == ["meeting_changed"] * 2
    phases.call_off(meeting, by=staff, now=NOW)
    assert Letter.objects.filter(kind="meeting_called_off").count() == 2


def test_an_invitation_needs_an_agenda(staff: User, body: MeetingSeries) -> None:
    meeting = add(staff, body, days(9))
    assert refused(lambda: phases.invite(meeting, by=staff)) == ["moment"]
    meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องที่ 1")
    assert phases.invite(meeting, by=staff).phase == "invited"


def test_what_was_prepared_is_asked_when_the_meeting_is_held(staff: User, agency: Agency, body: MeetingSeries) -> None:
    meeting = add(staff, body, TODAY)
    asked = factories.make_assignment(staff, agency, meeting=meeting)
    assert (asked.given_on, list(Assignment.objects.given())) == (None, [])
    phases.hold(meeting, by=staff, now=NOW)
    asked.refresh_from_db()
    assert (asked.given_on, asked.version, list(Assignment.objects.given())) == (TODAY, 1, [asked])


# --- adoption --------------------------------------------------------------------------------------------------------
def test_minutes_are_adopted_by_a_later_meeting_or_by_letter(staff: User, body: MeetingSeries) -> None:
    meeting = phases.finish(add(staff, body, days(-30)), by=staff, now=NOW)
    earlier, later = add(staff, body, days(-60), number=7), add(staff, body, days(-1))
    coming, elsewhere = add(staff, body, days(5)), add(staff, series.add(by=staff, key="o", name_th="อื่น"), days(-1))
    for wrong in (earlier, coming, elsewhere, meeting):
        act = lambda wrong=wrong: phases.adopt(meeting, by=staff, adopted_in=wrong, now=NOW)  # noqa: E731
        assert refused(act) == ["adopted_in"]
    for day in (None, days(-31), days(1)):
        act = lambda day=day: phases.adopt(meeting, by=staff, adopted_on=day, now=NOW)  # noqa: E731
        assert refused(act) == ["adopted_on"]
    adopted = phases.adopt(meeting, by=staff, adopted_in=later, note=" แก้ไขหน้า 2 ", now=NOW)
    assert (adopted.adopted_on, adopted.adopted_in, adopted.adoption_note) == (days(-1), later, "แก้ไขหน้า 2")
    again = phases.reopen(adopted, by=staff, now=NOW)
    assert (again.phase, again.adopted_on, again.adopted_in, again.adoption_note) == ("held", None, None, "")
    by_letter = phases.adopt(phases.finish(again, by=staff, now=NOW), by=staff, adopted_on=TODAY, now=NOW)
    assert (by_letter.phase, by_letter.adopted_in) == ("adopted", None)


def test_a_committee_s_minutes_are_published_once_they_are_adopted(staff: User, body: MeetingSeries) -> None:
    meeting = add(staff, body, days(-30))
    for act in (lambda row: row, lambda row: phases.finish(row, by=staff)):
        meeting = act(meeting)
        assert refused(lambda: publishing.publish(meeting, by=staff)) == ["moment"]
    meeting = publishing.publish(phases.adopt(meeting, by=staff, adopted_on=TODAY, now=NOW), by=staff)
    assert meeting.state == "published"
    assert refused(lambda: phases.reopen(meeting, by=staff)) == ["moment"]  # what everybody reads does not change
    assert phases.reopen(publishing.hide(meeting, by=staff), by=staff).phase == "held"


def test_what_documents_made_known_is_published_without_adoption(staff: User, body: MeetingSeries) -> None:
    source = records.add(Source, by=staff, key="000", title_th="ข่าว")
    meeting = add(staff, body, days(-30), sources=[source])
    assert publishing.publish(meeting, by=staff).state == "published"


def test_a_meeting_to_come_stays_in_its_year_and_its_series(staff: User, body: MeetingSeries) -> None:
    first, second = add(staff, body, days(1)), add(staff, body, days(2))
    other = series.add(by=staff, key="other", name_th="อื่น")

    def edit(meeting: Meeting, **answers: Any) -> Any:
        return meetings.edit(meeting, by=staff, version=1, **{"series": body, **answers})

    assert refused(lambda: edit(first, year=2570)) == ["year"]
    assert refused(lambda: edit(first, starts_on=days(365))) == ["starts_on"]
    assert refused(lambda: edit(first, series=other)) == ["series"]
    assert refused(lambda: add(staff, body, days(3), year=2560)) == ["year"]
    assert edit(second, series=other).number == 1
    assert add(staff, body, days(4)).key == "sub-2-2569"


def test_adopted_minutes_do_not_change(staff: User, agency: Agency, body: MeetingSeries) -> None:
    meeting = add(staff, body, days(-30))
    asked = factories.make_assignment(staff, agency, meeting=meeting, due_on=days(30))
    adopted = phases.adopt(phases.finish(meeting, by=staff), by=staff, adopted_on=TODAY, now=NOW)
    version = adopted.version
    for act in (
        lambda: meetings.edit(adopted, by=staff, version=version, series=body, minutes_by="ใคร"),
        lambda: meetings.edit_part(asked, by=staff, version=asked.version, text_th="อื่น"),
        lambda: meetings.edit_part(asked, by=staff, version=asked.version, due_on=days(60)),
        lambda: meetings.remove(adopted, by=staff),
    ):
        assert refused(act) == ["moment"]
    asked.refresh_from_db()
    same = meetings.edit_part(asked, by=staff, version=asked.version, text_th=asked.text_th, responsible="ผอ.")
    assert same.responsible == "ผอ."


def test_the_day_of_a_meeting_agrees_with_what_it_asks(staff: User, agency: Agency, body: MeetingSeries) -> None:
    meeting = add(staff, body, days(-30))
    factories.make_assignment(staff, agency, meeting=meeting, due_on=days(-20))
    for day in (days(-10), dt.date(2999, 1, 1)):
        act = lambda day=day: meetings.edit(meeting, by=staff, version=1, series=body, starts_on=day)  # noqa: E731
        assert refused(act) == ["starts_on"]


def test_the_adoption_item_names_what_was_adopted(staff: User, body: MeetingSeries) -> None:
    first = phases.finish(add(staff, body, days(-30)), by=staff)
    second, third = add(staff, body, TODAY, prefill=True), add(staff, body, TODAY, prefill=True)
    assert third.agenda.get(kind="adoption").adopts == first
    second = phases.finish(phases.hold(second, by=staff, now=NOW), by=staff, now=NOW)
    phases.hold(third, by=staff, now=NOW)
    assert third.agenda.get(kind="adoption").adopts == second
    third.refresh_from_db()
    assert refused(lambda: phases.adopt(third, by=staff, adopted_in=second, now=NOW)) == ["moment"]
    third = phases.finish(third, by=staff, now=NOW)
    assert refused(lambda: phases.adopt(third, by=staff, adopted_in=second, now=NOW)) == ["adopted_in"]
    phases.adopt(first, by=staff, adopted_in=third, now=NOW)
    assert third.agenda.get(kind="adoption").adopts == first


def test_what_is_published_becomes_no_committee_without_adoption(staff: User) -> None:
    shown = factories.make_meeting(staff, kind="workshop")
    assert refused(lambda: meetings.edit(shown, by=staff, version=shown.version, kind="committee")) == ["moment"]
    hidden = publishing.hide(shown, by=staff)
    committee = meetings.edit(hidden, by=staff, version=hidden.version, kind="committee")
    assert refused(lambda: publishing.publish(committee, by=staff)) == ["moment"]
