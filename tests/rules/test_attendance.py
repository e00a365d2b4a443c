"""Who came to a meeting, who stood in for whom, and whether they were enough to decide."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import User
from govlab.history import Stale
from projects.models import Meeting, MeetingPerson
from projects.models.attendance import quorum
from projects.rules import attendance, meetings
from tests import factories


@pytest.fixture
def meeting(staff: User) -> Meeting:
    return factories.make_meeting(staff, published=False)


def add(by: User, meeting: Meeting, name: str, part: str = "member", **answers: Any) -> MeetingPerson:
    return meetings.add_part(MeetingPerson, by=by, meeting=meeting, name_th=name, part=part, **answers)


def test_a_quorum_is_half_of_the_members_rounded_up(staff: User, meeting: Meeting) -> None:
    rows = [add(staff, meeting, name) for name in "กขคงจ"]
    add(staff, meeting, "ผู้เข้าร่วม", "observer", presence="present")
    counted = []
    for row in rows:
        attendance.mark(meeting, by=staff, presences={row.pk: "present"})
        found = quorum(meeting.people.all())
        counted.append((found.present, found.members, found.needed, found.reached))
    assert counted == [(1, 5, 3, False), (2, 5, 3, False), (3, 5, 3, True), (4, 5, 3, True), (5, 5, 3, True)]
    assert quorum(meeting.people.all(), 6).reached is False


def test_nobody_is_no_quorum(meeting: Meeting) -> None:
    assert (quorum([]).reached, quorum([]).known) == (False, False)


def test_a_member_counts_once_in_person_or_through_whoever_stands_in(staff: User, meeting: Meeting) -> None:
    member, other = add(staff, meeting, "ก"), add(staff, meeting, "ข")
    first = add(staff, meeting, "แทน ก", presence="present", stands_for=member)
    add(staff, meeting, "แทน ก อีกคน", presence="present", stands_for=member)
    found = quorum(meeting.people.all())
    assert (found.members, found.present, found.needed, found.reached) == (2, 1, 1, True)
    with pytest.raises(ValidationError):
        attendance.mark(meeting, by=staff, presences={member.pk: "present", other.pk: "absent"})
    assert not meeting.people.filter(pk__in=[member.pk, other.pk]).exclude(presence="").exists()
    attendance.mark(meeting, by=staff, presences={member.pk: "excused", other.pk: "present"})
    assert quorum(meeting.people.all()).present == 2
    assert first.stands_for == member


@pytest.mark.parametrize("who", ["self", "observer", "other meeting", "present"])
def test_who_stands_in_comes_in_the_place_of_an_absent_member_of_the_meeting(
    staff: User, meeting: Meeting, who: str
) -> None:
    row = add(staff, meeting, "ก")
    others = {
        "self": row,
        "observer": add(staff, meeting, "ผู้เข้าร่วม", "observer"),
        "other meeting": add(staff, factories.make_meeting(staff), "ข"),
        "present": add(staff, meeting, "ค", presence="present"),
    }
    with pytest.raises(ValidationError) as refusal:
        meetings.edit_part(row, by=staff, version=1, stands_for=others[who])
    assert list(refusal.value.message_dict) == ["stands_for"]


def test_many_are_marked_at_once_and_only_what_changed_is_written(
    staff: User, reporter: User, meeting: Meeting
) -> None:
    rows = [add(staff, meeting, f"คนที่ {n}") for n in range(10)]
    marks = {row.pk: "present" if n % 2 else "excused" for n, row in enumerate(rows)}
    with pytest.raises(PermissionDenied):
        attendance.mark(meeting, by=reporter, presences=marks)
    assert attendance.mark(meeting, by=staff, presences=marks) == 10
    assert attendance.mark(meeting, by=staff, presences=marks | {rows[0].pk: "absent"}) == 1
    assert [row.history.count() for row in meeting.people.all()] == [3, *[2] * 9]
    row = meeting.people.get(pk=rows[1].pk)
    with pytest.raises(Stale):  # whoever has the person open in a form, which asks this too, is told
        meetings.edit_part(row, by=staff, version=1, presence="")


def test_people_of_another_meeting_are_not_marked(staff: User, meeting: Meeting) -> None:
    other = add(staff, factories.make_meeting(staff), "ข")
    assert attendance.mark(meeting, by=staff, presences={other.pk: "present"}) == 0
    other.refresh_from_db()
    assert other.presence == ""


def test_a_meeting_that_is_full_says_so_at_the_name(staff: User, meeting: Meeting, monkeypatch: Any) -> None:
    assert meetings.MOST_PEOPLE == 300
    monkeypatch.setattr(meetings, "MOST_PEOPLE", 1)
    add(staff, meeting, "ก")
    with pytest.raises(ValidationError) as refusal:
        add(staff, meeting, "ข")
    assert list(refusal.value.message_dict) == ["name_th"]


def test_a_name_that_is_too_long_is_said_at_the_name(staff: User, meeting: Meeting) -> None:
    with pytest.raises(ValidationError) as refusal:
        add(staff, meeting, "ก" * 300)
    assert list(refusal.value.message_dict) == ["name_th"]


def test_a_member_is_not_noted_as_present_beside_who_stands_in(staff: User, meeting: Meeting) -> None:
    member = add(staff, meeting, "ก")
    add(staff, meeting, "แทน ก", presence="present", stands_for=member)
    with pytest.raises(ValidationError) as refusal:
        meetings.edit_part(member, by=staff, version=1, presence="present")
    assert list(refusal.value.message_dict) == ["presence"]
