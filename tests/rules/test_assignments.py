"""Who answers and closes what a meeting asks, and when: every triple of state, verb and person."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Agency, Membership, User
from govlab.history import Stale
from projects.models import Answer, Assignment, Meeting
from projects.rules import assignments, meetings
from tests import factories

STATES = ("open", "answered", "closed")
VERBS = ("answer", "close", "reopen")
PEOPLE = (
    "visitor",
    "stranger",
    "reporter",
    "lead",
    "partner",
    "staff",
    "other_staff",
    "staff_in_agency",
    "answering_staff",
)
"""`partner` reports for an agency asked along; `answering_staff` belongs to the agency and has answered."""

ALLOWED = {
    ("open", "answer", "reporter"),
    ("open", "answer", "lead"),
    ("open", "answer", "partner"),
    ("open", "answer", "staff_in_agency"),
    ("open", "answer", "answering_staff"),
    ("open", "close", "staff"),
    ("open", "close", "other_staff"),
    ("open", "close", "staff_in_agency"),
    ("answered", "answer", "reporter"),
    ("answered", "answer", "lead"),
    ("answered", "answer", "partner"),
    ("answered", "answer", "staff_in_agency"),
    ("answered", "answer", "answering_staff"),
    ("answered", "close", "staff"),
    ("answered", "close", "other_staff"),
    ("answered", "close", "staff_in_agency"),
    ("closed", "reopen", "staff"),
    ("closed", "reopen", "other_staff"),
    ("closed", "reopen", "staff_in_agency"),
    ("closed", "reopen", "answering_staff"),
}
"""Every triple that a rule accepts; all others are refused."""

NOW = dt.datetime(2019, 7, 1, 3, 0, tzinfo=dt.UTC)


def carry_out(verb: str, assignment: Assignment, by: Any) -> Any:
    calls = {
        "answer": lambda: assignments.answer(assignment, by=by, text="ทำแล้ว"),
        "close": lambda: assignments.close(assignment, by=by, note="ครบ", now=NOW),
        "reopen": lambda: assignments.reopen(assignment, by=by),
    }
    return calls[verb]()


def everything() -> tuple[Any, ...]:
    return tuple((list(kind.objects.values()), kind.history.count()) for kind in (Assignment, Answer))


@pytest.fixture
def cast(
    reporter: User, lead: User, stranger: User, staff: User, other_staff: User, visitor: AnonymousUser, agency: Agency
) -> dict[str, Any]:
    partner = factories.make_member(factories.make_agency(staff, "กรมที่ร่วม"))
    people = {
        "reporter": reporter,
        "lead": lead,
        "stranger": stranger,
        "staff": staff,
        "other_staff": other_staff,
        "visitor": visitor,
        "partner": partner,
        "staff_in_agency": factories.make_staff(),
        "answering_staff": factories.make_staff(),
    }
    for name in ("staff_in_agency", "answering_staff"):
        Membership.objects.create(user=people[name], agency=agency)
    return people


@pytest.fixture
def meeting(staff: User) -> Meeting:
    return factories.make_meeting(staff)


def an_assignment(meeting: Meeting, state: str, cast: dict[str, Any], agency: Agency) -> Assignment:
    """An assignment of this state that `answering_staff` answered before."""
    partners = [cast["partner"].memberships.get().agency]
    asked = meetings.add_part(
        Assignment, by=cast["staff"], meeting=meeting, agency=agency, partners=partners, text_th="ให้รายงาน"
    )
    assignments.answer(asked, by=cast["answering_staff"], text="กำลังทำ")
    if state in ("closed", "open"):
        asked = assignments.close(asked, by=cast["staff"], note="ครบ")
    if state == "open":
        asked = assignments.reopen(asked, by=cast["staff"])
    return Assignment.objects.get(pk=asked.pk)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_a_verb_does_what_the_table_says_and_else_leaves_everything_as_it_was(
    state: str, verb: str, cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    for person in PEOPLE:
        asked = an_assignment(meeting, state, cast, agency)
        before, rows = everything(), asked.history.count()
        try:
            carry_out(verb, asked, cast[person])
            done = "done"
        except PermissionDenied:
            done = "not theirs"
        except ValidationError as refusal:
            done = refusal.code
        theirs = any((moment, verb, person) in ALLOWED for moment in STATES)
        expected = "done" if (state, verb, person) in ALLOWED else "moment" if theirs else "not theirs"
        assert (person, done) == (person, expected)
        if expected == "done":
            assert (person, asked.history.count()) == (person, rows + 1)
        else:
            assert (person, everything()) == (person, before)


@pytest.mark.parametrize("state", STATES)
def test_the_open_steps_of_everybody_are_the_row_of_the_table(
    state: str, cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = an_assignment(meeting, state, cast, agency)
    for person in PEOPLE:
        expected = [verb for verb in VERBS if (state, verb, person) in ALLOWED]
        assert (person, assignments.open_steps(cast[person], asked)) == (person, expected)


def test_each_agency_answers_in_its_own_name(cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    asked = an_assignment(meeting, "answered", cast, agency)
    given = assignments.answer(asked, by=cast["partner"], text="ส่วนของเรา")
    assert (given.agency, given.author) == (cast["partner"].memberships.get().agency, cast["partner"])
    assert assignments.answer(asked, by=cast["reporter"], text="ส่วนของเรา").agency == agency


def test_an_answer_and_a_closing_need_words(cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    asked = an_assignment(meeting, "answered", cast, agency)
    before = everything()
    for text, act in (("text", assignments.answer), ("note", assignments.close)):
        by = cast["reporter" if text == "text" else "staff"]
        with pytest.raises(ValidationError) as refusal:
            act(asked, by=by, **{text: "" if text == "text" else " \n"})
        assert set(refusal.value.message_dict) == {text}
    assert everything() == before


def test_a_closing_says_when_and_with_what_result_and_a_reopening_takes_both_back(
    cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = an_assignment(meeting, "answered", cast, agency)
    closed = assignments.close(asked, by=cast["staff"], note=" ครบ ", now=NOW)
    assert (closed.state, closed.closing_note, closed.closed_at) == ("closed", "ครบ", NOW)
    reopened = assignments.reopen(closed, by=cast["other_staff"])
    assert (reopened.state, reopened.closing_note, reopened.closed_at) == ("open", "", None)


@pytest.mark.parametrize("verb", VERBS)
def test_an_older_version_is_stale(verb: str, cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    asked = an_assignment(meeting, "closed" if verb == "reopen" else "answered", cast, agency)
    before, old = everything(), asked.version - 1
    calls = {
        "answer": lambda: assignments.answer(asked, by=cast["reporter"], text="ทำแล้ว", version=old),
        "close": lambda: assignments.close(asked, by=cast["staff"], note="ครบ", version=old),
        "reopen": lambda: assignments.reopen(asked, by=cast["staff"], version=old),
    }
    with pytest.raises(Stale):
        calls[verb]()
    assert everything() == before
