"""Who answers and closes what a meeting asks, and when: every triple of state, verb and person."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from agencies.models import Agency, Membership, User
from govlab.files import Attached
from govlab.history import Stale
from govlab.models import Letter
from projects.models import Answer, Assignment, Meeting
from projects.rules import assignments, decisions, meetings
from tests import factories

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
ASKED = {"reporter", "lead", "partner", "staff_in_agency", "answering_staff"}
DESK = {"staff", "other_staff", "staff_in_agency", "answering_staff"}
OTHERS = DESK - {"answering_staff"}

TABLE: dict[str, dict[str, set[str]]] = {
    "open": {
        "answer": ASKED,
        "ask_time": ASKED,
        "contest": ASKED,
        "extend": DESK,
        "reassign": DESK,
        "close": OTHERS,
    },
    "answered": {"answer": ASKED, "accept": OTHERS, "send_back": DESK, "reassign": DESK, "close": OTHERS},
    "more_time": {"answer": ASKED, "send_back": DESK, "extend": DESK, "reassign": DESK, "close": OTHERS},
    "contested": {"answer": ASKED, "send_back": DESK, "reassign": DESK, "close": OTHERS},
    "accepted": {"send_back": DESK, "reassign": DESK, "close": OTHERS},
    "closed": {"reopen": DESK},
}
"""Who may use which verb in which state; everything else is refused."""
STATES = tuple(TABLE)
VERBS = ("answer", "ask_time", "contest", "accept", "send_back", "extend", "reassign", "close", "reopen")
AFTER = {
    "answer": "answered",
    "ask_time": "more_time",
    "contest": "contested",
    "accept": "accepted",
    "send_back": "open",
    "extend": "open",
    "reassign": "open",
    "close": "closed",
    "reopen": "open",
}

NOW = dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)  # a Monday
TODAY = dt.date(2026, 3, 2)
DUE = dt.date(2026, 4, 1)
LATER = dt.date(2026, 5, 1)


def carry_out(verb: str, assignment: Assignment, by: Any, now: dt.datetime = NOW, **more: Any) -> Any:
    calls: dict[str, Any] = {
        "answer": (assignments.answer, {"text": "ทำแล้ว"}),
        "ask_time": (assignments.ask_time, {"text": "รองบประมาณ", "wanted_on": LATER}),
        "contest": (assignments.contest, {"text": "ไม่ใช่หน้าที่ของกรม"}),
        "accept": (decisions.accept, {}),
        "send_back": (decisions.send_back, {"reason": "ขอตัวเลข"}),
        "extend": (decisions.extend, {"due_on": LATER}),
        "reassign": (decisions.reassign, {"agency": Agency.objects.get(name_th="กรมใหม่"), "reason": "ตรงภารกิจ"}),
        "close": (decisions.close, {"note": "ครบ"}),
        "reopen": (decisions.reopen, {}),
    }
    act, answers = calls[verb]
    return act(assignment, by=by, now=now, **{**answers, **more})


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
    factories.make_agency(staff, "กรมใหม่")
    return factories.make_meeting(staff, starts_on=dt.date(2026, 2, 27))


def an_assignment(meeting: Meeting, state: str, cast: dict[str, Any], agency: Agency) -> Assignment:
    """An assignment of this state that `answering_staff` answered before."""
    partners = [cast["partner"].memberships.get().agency]
    asked = meetings.add_part(
        Assignment,
        by=cast["staff"],
        meeting=meeting,
        agency=agency,
        partners=partners,
        text_th="ให้รายงาน",
        due_on=DUE,
        now=NOW,
    )
    carry_out("answer", asked, cast["answering_staff"], done_on=TODAY)
    ways = {
        "open": (("close", "staff"), ("reopen", "staff")),
        "answered": (),
        "more_time": (("close", "staff"), ("reopen", "staff"), ("ask_time", "reporter")),
        "contested": (("close", "staff"), ("reopen", "staff"), ("contest", "reporter")),
        "accepted": (("accept", "staff"),),
        "closed": (("close", "staff"),),
    }
    for verb, person in ways[state]:
        carry_out(verb, Assignment.objects.get(pk=asked.pk), cast[person])
    asked = Assignment.objects.get(pk=asked.pk)
    assert asked.state == state
    return asked


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_a_verb_does_what_the_table_says_and_else_leaves_everything_as_it_was(
    state: str, verb: str, cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = an_assignment(meeting, state, cast, agency)
    before, rows = everything(), asked.history.count()
    for person in PEOPLE:
        as_it_was = transaction.savepoint()
        try:
            carry_out(verb, asked, cast[person])
            done = "done"
        except PermissionDenied:
            done = "not theirs"
        except ValidationError as refusal:
            done = refusal.code
        theirs = any(person in row.get(verb, ()) for row in TABLE.values())
        allowed = person in TABLE[state].get(verb, ())
        assert (person, done) == (person, "done" if allowed else "moment" if theirs else "not theirs")
        if allowed:
            now = Assignment.objects.get(pk=asked.pk)
            aside = person == "partner" and verb == "answer" and state in ("more_time", "contested")
            after = state if aside else AFTER[verb]  # what the other agency said still waits for its decision
            assert (person, now.state, asked.history.count()) == (person, after, rows + 1)
        else:
            assert (person, everything()) == (person, before)
        transaction.savepoint_rollback(as_it_was)


@pytest.mark.parametrize("state", STATES)
def test_the_open_steps_of_everybody_are_the_row_of_the_table(
    state: str, cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = an_assignment(meeting, state, cast, agency)
    for person in PEOPLE:
        expected = [verb for verb in VERBS if person in TABLE[state].get(verb, ())]
        assert (person, assignments.open_steps(cast[person], asked, on=TODAY)) == (person, expected)


def test_each_agency_answers_in_its_own_name(cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    asked = an_assignment(meeting, "answered", cast, agency)
    given = assignments.answer(asked, by=cast["partner"], text="ส่วนของเรา")
    assert (given.agency, given.author) == (cast["partner"].memberships.get().agency, cast["partner"])
    assert assignments.answer(asked, by=cast["reporter"], text="ส่วนของเรา").agency == agency


@pytest.mark.parametrize(
    ("state", "verb", "person", "answers", "field"),
    [
        ("open", "answer", "reporter", {"text": ""}, "text"),
        ("open", "answer", "reporter", {"percent": 101}, "percent"),
        ("open", "answer", "reporter", {"percent": 50, "done_on": TODAY}, "percent"),
        ("open", "answer", "reporter", {"done_on": TODAY + dt.timedelta(days=1)}, "done_on"),
        ("open", "answer", "reporter", {"text": "ก" * 5001}, "text"),
        ("open", "ask_time", "reporter", {"text": ""}, "text"),
        ("open", "ask_time", "reporter", {"wanted_on": None}, "wanted_on"),
        ("open", "ask_time", "reporter", {"wanted_on": DUE}, "wanted_on"),
        ("open", "contest", "reporter", {"text": ""}, "text"),
        ("answered", "send_back", "staff", {"reason": " \n"}, "reason"),
        ("open", "extend", "staff", {"due_on": DUE}, "due_on"),
        ("open", "extend", "staff", {"due_on": None}, "due_on"),
        ("open", "reassign", "staff", {"reason": ""}, "reason"),
        ("open", "close", "staff", {"note": " \n"}, "note"),
    ],
)
def test_what_is_no_good_answer_is_said_at_its_field(
    cast: dict[str, Any], meeting: Meeting, agency: Agency, state: str, verb: str, person: str, answers: Any, field: str
) -> None:
    asked = an_assignment(meeting, state, cast, agency)
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        carry_out(verb, asked, cast[person], **answers)
    assert list(refusal.value.message_dict) == [field]
    assert everything() == before


def test_work_goes_to_another_agency_than_the_one_that_has_it(
    cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = an_assignment(meeting, "open", cast, agency)
    with pytest.raises(ValidationError) as refusal:
        carry_out("reassign", asked, cast["staff"], agency=agency)
    assert list(refusal.value.message_dict) == ["agency"]


def test_an_objection_is_possible_for_ten_working_days(cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    asked = an_assignment(meeting, "open", cast, agency)
    # Told on Monday 2 March 2026; Tuesday 3 March is Makha Bucha, so the tenth working day is Tuesday 17 March.
    assert (asked.given_on, assignments.contest_until(asked)) == (TODAY, dt.date(2026, 3, 17))
    too_late = dt.datetime(2026, 3, 17, 17, 0, tzinfo=dt.UTC)  # midnight in Bangkok
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        carry_out("contest", asked, cast["reporter"], now=too_late)
    assert (refusal.value.code, everything()) == ("moment", before)
    carry_out("contest", asked, cast["reporter"], now=too_late - dt.timedelta(seconds=1))
    assert Assignment.objects.get(pk=asked.pk).state == "contested"


def test_the_time_to_object_begins_anew_for_the_agency_that_it_goes_to(
    cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = an_assignment(meeting, "answered", cast, agency)
    moved = carry_out("reassign", asked, cast["staff"], now=NOW + dt.timedelta(days=60))
    assert (moved.agency.name_th, moved.given_on, moved.percent, moved.word) == (
        *("กรมใหม่", TODAY + dt.timedelta(days=60), None, "ตรงภารกิจ"),
    )
    assert assignments.open_steps(cast["reporter"], moved, on=TODAY) == []
    assert Answer.objects.filter(assignment=moved).count() == 1
    assert [entry.agency for entry in moved.history.all()[:2]] == [moved.agency, agency]


@pytest.mark.parametrize(
    ("said", "state", "percent"),
    [
        ({"percent": 100}, "accepted", 100),
        ({"done_on": TODAY}, "accepted", 100),
        ({"percent": 60}, "open", 60),
        ({}, "open", None),
    ],
)
def test_what_is_all_done_waits_for_its_closing_and_else_goes_on(
    cast: dict[str, Any], meeting: Meeting, agency: Agency, said: Any, state: str, percent: int | None
) -> None:
    asked = factories.make_assignment(cast["staff"], agency, meeting=meeting)
    carry_out("answer", asked, cast["reporter"], **said)
    accepted = carry_out("accept", Assignment.objects.get(pk=asked.pk), cast["staff"])
    assert (accepted.state, accepted.percent) == (state, percent)


def test_before_the_meeting_was_held_nothing_is_asked(cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    coming = factories.make_meeting(cast["staff"], published=False, starts_on=dt.date(2999, 1, 1))
    asked = factories.make_assignment(cast["staff"], agency, meeting=coming)
    assert (asked.given_on, list(Assignment.objects.asked_of(cast["reporter"]))) == (None, [])
    for verb in ("answer", "extend", "reassign", "close"):
        with pytest.raises(ValidationError) as refusal:
            carry_out(verb, asked, cast["reporter" if verb == "answer" else "staff"])
        assert (verb, refusal.value.code) == (verb, "moment")


def test_a_closing_says_when_and_with_what_result_and_a_reopening_takes_both_back(
    cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = an_assignment(meeting, "answered", cast, agency)
    closed = decisions.close(asked, by=cast["staff"], note=" ครบ ", now=NOW)
    assert (closed.state, closed.closing_note, closed.closed_at) == ("closed", "ครบ", NOW)
    reopened = decisions.reopen(closed, by=cast["other_staff"])
    assert (reopened.state, reopened.closing_note, reopened.closed_at) == ("open", "", None)


@pytest.mark.parametrize("verb", VERBS)
def test_an_older_version_is_stale(verb: str, cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    state = next(state for state, row in TABLE.items() if verb in row)
    asked = an_assignment(meeting, state, cast, agency)
    before = everything()
    with pytest.raises(Stale):
        carry_out(verb, asked, cast["reporter" if verb in ("answer", "ask_time", "contest") else "staff"], version=0)
    assert everything() == before


def test_the_files_of_an_answer_take_room_of_the_agency(cast: dict[str, Any], meeting: Meeting, agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(quota_mb=1)
    asked = an_assignment(meeting, "open", cast, agency)
    small = Attached("ก.pdf", "pdf", 600_000, "a" * 64)
    given = carry_out("answer", asked, cast["reporter"], attach=[small, small])
    assert [(file.name, file.size) for file in given.files.all()] == [("ก.pdf", 600_000)]
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        carry_out("answer", asked, cast["reporter"], attach=[small._replace(sha256="b" * 64)])
    assert (list(refusal.value.message_dict), everything()) == (["attach"], before)


@pytest.mark.parametrize("verb", ["contest", "ask_time"])
def test_while_one_agency_waits_for_a_decision_the_answer_of_another_leaves_it_open(
    cast: dict[str, Any], meeting: Meeting, agency: Agency, verb: str
) -> None:
    asked = an_assignment(meeting, "open", cast, agency)
    carry_out(verb, asked, cast["reporter"])
    for person, state in (("partner", AFTER[verb]), ("lead", "answered")):
        carry_out("answer", Assignment.objects.get(pk=asked.pk), cast[person])
        assert Assignment.objects.get(pk=asked.pk).state == state


def test_an_answer_without_a_figure_leaves_the_one_before(
    cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = factories.make_assignment(cast["staff"], agency, meeting=meeting)
    for said, percent in (({"percent": 40}, 40), ({}, 40), ({"done_on": TODAY}, 100)):
        carry_out("answer", Assignment.objects.get(pk=asked.pk), cast["reporter"], **said)
        assert Assignment.objects.get(pk=asked.pk).percent == percent


def test_the_new_agency_does_not_read_who_was_responsible_before(
    cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = factories.make_assignment(cast["staff"], agency, meeting=meeting, responsible="คุณสมชาย")
    assert carry_out("reassign", asked, cast["staff"]).responsible == ""


def test_work_taken_out_again_is_told_to_whom_it_was_asked_of(
    cast: dict[str, Any], meeting: Meeting, agency: Agency
) -> None:
    asked = factories.make_assignment(cast["staff"], agency, meeting=meeting, partners=[agency])
    assert list(asked.partners.all()) == []  # no agency is asked together with itself
    meetings.remove_part(asked, by=cast["staff"])
    told = Letter.objects.filter(kind="assignment_withdrawn").values_list("user", flat=True)
    assert set(told) == {cast[name].pk for name in ("reporter", "lead", "staff_in_agency", "answering_staff")}
