"""Calls: who may do what when; what people were told when they answered stays."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Agency, Role, User
from projects.models import Call, Project
from projects.rules import calls, projects, publishing
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 10)
NOW = dt.datetime(2026, 3, 10, 3, tzinfo=dt.UTC)
WHO = ("staff", "lead", "reporter", "partner_lead", "supporter_lead", "stranger", "visitor")
CAN = """
                     | staff lead reporter partner_lead supporter_lead stranger visitor
edit, draft          | yes   yes  denied   yes          denied         denied   denied
edit, published      | yes   denied denied denied       denied         denied   denied
edit, hidden         | yes   denied denied denied       denied         denied   denied
extend, draft        | moment moment denied moment      denied         denied   denied
extend, published    | yes   yes  denied   yes          denied         denied   denied
extend, hidden       | moment moment denied moment      denied         denied   denied
publish, draft       | yes   denied denied denied       denied         denied   denied
hide, published      | yes   denied denied denied       denied         denied   denied
remove, draft        | yes   denied denied denied       denied         denied   denied
remove, published    | moment denied denied denied      denied         denied   denied
remove, hidden       | moment denied denied denied      denied         denied   denied
"""


@pytest.fixture
def cast(staff: User, lead: User, reporter: User, stranger: User, visitor: Any, project: Project) -> dict[str, Any]:
    people = {"staff": staff, "lead": lead, "reporter": reporter, "stranger": stranger, "visitor": visitor}
    for name, part in (("partner_lead", "partner"), ("supporter_lead", "support")):
        other = factories.make_agency(staff)
        projects.add_part(project, by=staff, agency=other, part=part)
        people[name] = factories.make_member(other, Role.LEAD)
    return people


def brought(staff: User, project: Project, state: str) -> Call:
    call = factories.make_call(staff, project, published=state != "draft", today=TODAY)
    return publishing.hide(call, by=staff) if state == "hidden" else call


def tried(verb: str, call: Call, by: Any) -> str:
    act: dict[str, Any] = {
        "edit": lambda: calls.edit(call, by=by, version=call.version, now=NOW, about_th="เพิ่ม"),
        "extend": lambda: calls.extend(call, by=by, closes_on=call.closes_on + dt.timedelta(days=7), now=NOW),
        "publish": lambda: publishing.publish(call, by=by),
        "hide": lambda: publishing.hide(call, by=by),
        "remove": lambda: publishing.remove(call, by=by),
    }
    try:
        act[verb]()
    except PermissionDenied:
        return "denied"
    except ValidationError as error:
        return error.code if hasattr(error, "code") else str(error)
    return "yes"


ROWS = [line.split("|") for line in CAN.strip("\n").splitlines()[1:]]


@pytest.mark.parametrize(("row", "answers"), ROWS, ids=[row[0].strip() for row in ROWS])
def test_who_may_do_what_when(row: str, answers: str, cast: dict[str, Any], project: Project) -> None:
    verb, state = (word.strip() for word in row.split(","))
    found = {who: tried(verb, brought(cast["staff"], project, state), cast[who]) for who in WHO}
    assert found == dict(zip(WHO, answers.split(), strict=True))


STEPS = """
draft, staff         | edit publish remove
draft, lead          | edit
draft, partner_lead  | edit
draft, reporter      |
published, staff     | correct extend hide
published, lead      | extend
published, stranger  |
hidden, staff        | correct publish
hidden, lead         |
"""


@pytest.mark.parametrize("line", STEPS.strip().splitlines())
def test_the_buttons_are_what_the_rule_allows(line: str, cast: dict[str, Any], project: Project) -> None:
    row, verbs = line.split("|")
    state, who = (word.strip() for word in row.split(","))
    assert calls.open_steps(cast[who], brought(cast["staff"], project, state), TODAY) == verbs.split()


def test_a_stranger_adds_none(project: Project, stranger: User, reporter: User, lead: User) -> None:
    for person in (stranger, reporter):
        with pytest.raises(PermissionDenied):
            factories.make_call(person, project, published=False)
    assert factories.make_call(lead, project, published=False).state == "draft"
    assert Call.objects.count() == 1


def test_a_lead_cannot_let_leads_decide(project: Project, lead: User, staff: User) -> None:
    with pytest.raises(PermissionDenied):
        factories.make_call(lead, project, published=False, lead_moderates=True)
    call = factories.make_call(lead, project, published=False)
    with pytest.raises(PermissionDenied):
        calls.edit(call, by=lead, version=call.version, lead_moderates=True)
    assert calls.edit(call, by=staff, version=call.version, lead_moderates=True).lead_moderates


def test_the_last_day_moves_only_forward_and_only_while_it_is_open(project: Project, staff: User) -> None:
    call = factories.make_call(staff, project, today=TODAY)
    told = call.closes_on
    for day in (told, told - dt.timedelta(days=1)):
        with pytest.raises(ValidationError) as refused:
            calls.extend(call, by=staff, closes_on=day, now=NOW)
        assert list(refused.value.message_dict) == ["closes_on"]
    later = told + dt.timedelta(days=3)
    assert calls.extend(call, by=staff, closes_on=later, now=NOW).closes_on == later
    with pytest.raises(ValidationError):  # the day after it ended
        calls.extend(call, by=staff, closes_on=later + dt.timedelta(days=9), now=NOW + dt.timedelta(days=30))
    with pytest.raises(ValidationError) as refused:
        calls.edit(fresh(call), by=staff, version=fresh(call).version, now=NOW, closes_on=told)
    assert list(refused.value.message_dict) == ["closes_on"]


def fresh(call: Call) -> Call:
    return Call.objects.get(pk=call.pk)


def test_the_question_stays_once_somebody_answered(project: Project, staff: User) -> None:
    call = factories.make_call(staff, project, today=TODAY)
    call = calls.edit(call, by=staff, version=call.version, now=NOW, question_th="คำถามที่แก้แล้ว")
    factories.make_voice(call, now=NOW)
    with pytest.raises(ValidationError) as refused:
        calls.edit(fresh(call), by=staff, version=fresh(call).version, now=NOW, question_th="คำถามอื่น")
    assert list(refused.value.message_dict) == ["question_th"]
    assert calls.edit(fresh(call), by=staff, version=fresh(call).version, now=NOW, about_th="เพิ่ม").about_th == "เพิ่ม"


def test_a_call_stays_with_its_project(project: Project, staff: User) -> None:
    call, other = factories.make_call(staff, project, today=TODAY), factories.make_project(staff)
    assert calls.edit(call, by=staff, version=call.version, now=NOW, project=other).project_id == project.pk


def test_it_cannot_end_before_it_begins(project: Project, staff: User) -> None:
    with pytest.raises(ValidationError) as refused:
        factories.make_call(staff, project, opens_on=TODAY, closes_on=TODAY - dt.timedelta(days=1))
    assert list(refused.value.message_dict) == ["closes_on"]


def test_it_is_open_for_a_year_at_most(project: Project, staff: User, lead: User) -> None:
    year, day = dt.timedelta(days=366), dt.timedelta(days=1)
    call = factories.make_call(staff, project, opens_on=TODAY, closes_on=TODAY + year)
    with pytest.raises(ValidationError) as refused:
        calls.extend(call, by=staff, closes_on=TODAY + year + day, now=NOW)
    assert list(refused.value.message_dict) == ["closes_on"]
    with pytest.raises(ValidationError):
        factories.make_call(staff, project, opens_on=TODAY, closes_on=TODAY + 30 * year)
    draft = factories.make_call(staff, project, opens_on=TODAY, closes_on=TODAY + year, published=False)
    with pytest.raises(ValidationError):
        calls.edit(draft, by=lead, version=draft.version, opens_on=TODAY - day)
    Call.objects.filter(pk=draft.pk).update(closes_on=TODAY + 30 * year)  # asked before this rule was
    assert calls.edit(fresh(draft), by=lead, version=draft.version, question_th="ใหม่").question_th == "ใหม่"


@pytest.mark.parametrize("length", [301, 20_000])
def test_a_question_is_not_longer_than_its_field(length: int, project: Project, lead: User) -> None:
    with pytest.raises(ValidationError) as refused:
        factories.make_call(lead, project, published=False, question_th="ก" * length)
    assert list(refused.value.message_dict) == ["question_th"]


def test_a_call_of_a_project_that_is_not_published_is_not_public(
    agency: Agency, staff: User, visitor: Any, lead: User, stranger: User
) -> None:
    call = factories.make_call(staff, factories.make_project(staff, owner=agency, published=False))
    seen = {name: Call.objects.visible_to(who).exists() for name, who in (("v", visitor), ("s", stranger), ("l", lead))}
    assert (call.state, seen) == ("published", {"v": False, "s": False, "l": True})
