"""One verb through page and API: the same result, the same refusal, for every person in every state."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from agencies.models import Agency, Membership, User
from agencies.rules import tokens
from govlab.problems import NO_FIELD
from projects.models import Answer, Assignment, ProgressUpdate, Project
from projects.rules import assignments, decisions, meetings
from tests import factories
from tests.api.problems import errors_of

DONE, NOT_NOW, FORBIDDEN, NOTHING, SIGN_IN = "done", "not now", "forbidden", "nothing", "sign in"
LETTERS = {"D": DONE, "n": NOT_NOW, "f": FORBIDDEN, "0": NOTHING, "s": SIGN_IN}
PEOPLE = ("visitor", "stranger", "reporter", "lead", "staff", "insider")
"""`insider` is one of OPDC's staff who also reports for the agency."""

UPDATES = {  # verb, state: visitor, stranger, reporter, lead, staff, insider
    ("edit", "draft"): "s0DD0D",
    ("edit", "with_lead"): "s0nn0n",
    ("edit", "submitted"): "s0nnfn",
    ("edit", "returned"): "s0DDfD",
    ("edit", "approved"): "sfnnfn",
    ("discard", "draft"): "s0DD0D",
    ("discard", "with_lead"): "s0nn0n",
    ("discard", "submitted"): "s0nnfn",
    ("discard", "returned"): "s0nnfn",
    ("discard", "approved"): "sfnnfn",
    ("submit", "draft"): "s0DD0D",
    ("submit", "with_lead"): "s0nn0n",
    ("submit", "submitted"): "s0nnfn",
    ("submit", "returned"): "s0DDfD",
    ("submit", "approved"): "sfnnfn",
    ("pass-on", "draft"): "s0fn0f",
    ("pass-on", "with_lead"): "s0fD0f",
    ("pass-on", "submitted"): "s0fnff",
    ("pass-on", "returned"): "s0fnff",
    ("pass-on", "approved"): "sffnff",
    ("hand-back", "draft"): "s0fn0f",
    ("hand-back", "with_lead"): "s0fD0f",
    ("hand-back", "submitted"): "s0fnff",
    ("hand-back", "returned"): "s0fnff",
    ("hand-back", "approved"): "sffnff",
    ("withdraw", "draft"): "s0nn0n",
    ("withdraw", "with_lead"): "s0DD0D",
    ("withdraw", "submitted"): "s0DDfD",
    ("withdraw", "returned"): "s0nnfn",
    ("withdraw", "approved"): "sfnnfn",
    ("open", "draft"): "s0ff0n",
    ("open", "with_lead"): "s0ff0n",
    ("open", "submitted"): "s0ffDD",
    ("open", "returned"): "s0ffnn",
    ("open", "approved"): "sfffnn",
    ("return", "draft"): "s0ff0n",
    ("return", "with_lead"): "s0ff0n",
    ("return", "submitted"): "s0ffDD",
    ("return", "returned"): "s0ffnn",
    ("return", "approved"): "sfffnn",
    ("approve", "draft"): "s0ff0n",
    ("approve", "with_lead"): "s0ff0n",
    ("approve", "submitted"): "s0ffDD",
    ("approve", "returned"): "s0ffnn",
    ("approve", "approved"): "sfffnn",
    ("take-back", "draft"): "s0ff0n",
    ("take-back", "with_lead"): "s0ff0n",
    ("take-back", "submitted"): "s0ffnn",
    ("take-back", "returned"): "s0ffnn",
    ("take-back", "approved"): "sfffDD",
}
STATES = ("draft", "with_lead", "submitted", "returned", "approved")
ASSIGNMENTS = {  # verb: whose it is; open, answered, more_time, contested, accepted, closed
    "answer": ("agency", "DDDDnn"),
    "ask-time": ("agency", "Dnnnnn"),
    "contest": ("agency", "Dnnnnn"),
    "accept": ("desk", "nDnnnn"),
    "send-back": ("desk", "nDDDDn"),
    "extend": ("desk", "DnDnnn"),
    "reassign": ("desk", "DDDDDn"),
    "close": ("desk", "DDDDDn"),
    "reopen": ("desk", "nnnnnD"),
}
ASSIGNMENT_STATES = ("open", "answered", "more_time", "contested", "accepted", "closed")
WHO = {"agency": "sf{0}{0}f{0}", "desk": "sfff{0}{0}"}
"""The meeting is public, so everybody sees the assignment: visitor, stranger, reporter, lead, staff, insider."""
PAGES = {
    "edit": "workspace:update-edit",
    "discard": "workspace:update-discard",
    "submit": "workspace:update-submit",
    "pass-on": "workspace:update-pass-on",
    "hand-back": "workspace:update-hand-back",
    "withdraw": "workspace:update-withdraw",
    "open": "desk:update-open",
    "return": "desk:update-return",
    "approve": "desk:update-approve",
    "take-back": "desk:update-take-back",
    "answer": "workspace:assignment-detail",
    "ask-time": "workspace:assignment-more-time",
    "contest": "workspace:assignment-contest",
    "accept": "desk:assignment-accept",
    "send-back": "desk:assignment-send-back",
    "extend": "desk:assignment-extend",
    "reassign": "desk:assignment-reassign",
    "close": "desk:assignment-close",
    "reopen": "desk:assignment-reopen",
}
ANSWERS = {
    "edit": {"title": "หัวข้อใหม่", "text": "ข้อความใหม่"},
    "hand-back": {"reason": "ใส่จำนวน"},
    "return": {"reason": "ขอจำนวนผู้ให้สัมภาษณ์"},
    "take-back": {"reason": "ตัวเลขผิด"},
    "answer": {"text": "ทำแล้ว", "percent": "60"},
    "ask-time": {"text": "รอผลสำรวจ", "wanted_on": "2057-12-01"},
    "contest": {"text": "เป็นของกรมอื่น"},
    "accept": {"note": "ขอบคุณ"},
    "send-back": {"reason": "ขอตัวเลข"},
    "extend": {"due_on": "2057-12-01", "reason": "ตามที่ขอ"},
    "reassign": {"reason": "เป็นหน้าที่ของกรมอื่น"},
    "close": {"note": "ครบถ้วน"},
}
"""What is typed and sent; a day as pages and programs both may write it."""
KEPT = {"stage_number": 2, "stage_state": "in_progress", "happened_on": "30/6/2562", "obstacles": "ขอล่ามเพิ่ม"}
"""What the page's form sends along, as it stands in the record."""


def expected_of_page(verb: str, who: str, expected: str) -> str:
    """A room of pages admits only its own people; inside, the refusal is the API's."""
    if who == "visitor":
        return SIGN_IN
    if PAGES[verb].startswith("desk:"):
        return expected if who in ("staff", "insider") else FORBIDDEN
    return expected


@pytest.fixture
def cast(agency: Agency, reporter: User, lead: User, stranger: User, staff: User) -> dict[str, User | None]:
    insider = factories.make_staff("เจ้าหน้าที่ที่รายงานด้วย")
    Membership.objects.create(user=insider, agency=agency, role="reporter")
    people = {"reporter": reporter, "lead": lead, "stranger": stranger, "staff": staff, "insider": insider}
    return {"visitor": None, **people}


def through_page(verb: str, thing: Any, person: User | None, **more: Any) -> str:
    """What a browser gets when it sends the page's form or button."""
    client = Client()
    if person:
        client.force_login(person)
    before = type(thing).objects.filter(pk=thing.pk).values_list("version", flat=True).first()
    typed = {"version": thing.version, **(KEPT if verb == "edit" else {}), **ANSWERS.get(verb, {}), **more}
    answer = client.post(reverse(PAGES[verb], args=[thing.pk]), typed)
    if answer.status_code == 401 or (answer.status_code == 302 and "/accounts/login/" in answer["Location"]):
        return SIGN_IN
    if answer.status_code in (403, 404):
        return {403: FORBIDDEN, 404: NOTHING}[answer.status_code]
    assert answer.status_code in (200, 302, 400), answer.status_code
    after = type(thing).objects.filter(pk=thing.pk).values_list("version", flat=True).first()
    return DONE if after != before else NOT_NOW


def through_api(verb: str, thing: Any, person: User | None, **more: Any) -> str:
    """What a program gets that sends the same."""
    api = APIClient()
    if person:
        _token, secret = tokens.make(by=person, name="ทดสอบ", days=1)
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    things = "updates" if isinstance(thing, ProgressUpdate) else "assignments"
    one, sent = f"/api/v1/{things}/{thing.pk}/", {**ANSWERS.get(verb, {}), **more}
    version = {"if-match": f'"{thing.version}"'}
    if verb == "edit":
        answer = api.patch(one, sent, headers=version)
    elif verb == "discard":
        answer = api.delete(one, headers=version)
    else:
        answer = api.post(f"{one}{verb}/", sent, headers=version)
    outcomes = {200: DONE, 204: DONE, 400: NOT_NOW, 401: SIGN_IN, 403: FORBIDDEN, 404: NOTHING}
    return outcomes[answer.status_code]


MOMENTS = {"created_at", "updated_at", "submitted_at", "reviewed_at", "closed_at", "waiting_since", "opened_at"}
UNLIKE = {"id", "meeting_id", *MOMENTS}


def as_kept(thing: Any) -> Any:
    """The record as it stands after the verb, with the last line of its history; None when it is gone."""
    history = type(thing).history.filter(id=thing.pk).latest("history_date", "history_id")
    said = (history.history_change_reason, history.history_type, history.history_user_id)
    row = type(thing).objects.filter(pk=thing.pk).values().first()
    return said, row and {name: value for name, value in row.items() if name not in UNLIKE}


@pytest.mark.parametrize("state", STATES)
def test_a_verb_on_an_update(state: str, cast: Any, project: Project, other_staff: User) -> None:
    """Ten verbs for six people at both doors; whatever was done is taken back before the next."""

    def made() -> ProgressUpdate:
        if state == "with_lead":
            return factories.make_with_lead(cast["reporter"], project)
        return factories.make_update(cast["reporter"], project, state, other_staff)

    one, two = made(), made()
    untouched = as_kept(one)
    for (verb, _state), letters in ((row, letters) for row, letters in UPDATES.items() if row[1] == state):
        for who, letter in zip(PEOPLE, letters, strict=True):
            about, expected = (verb, who), LETTERS[letter]
            with transaction.atomic():
                assert (about, through_page(verb, one, cast[who])) == (about, expected_of_page(verb, who, expected))
                assert (about, through_api(verb, two, cast[who])) == (about, expected)
                assert (about, as_kept(one)) == (about, as_kept(two))
                assert (about, as_kept(two) != untouched) == (about, expected == DONE)
                transaction.set_rollback(True)


def asked_and(state: str, cast: Any, agency: Agency, by: User, partners: Any = ()) -> Assignment:
    """An assignment brought into the state by the verbs that lead there."""
    meeting = factories.make_meeting(by, starts_on=timezone.localdate() - dt.timedelta(days=1))  # still to be contested
    row = meetings.add_part(
        Assignment, by=by, meeting=meeting, text_th="ทำแผน", agency=agency, partners=partners, due_on=DUE
    )
    if state in ("answered", "accepted"):
        assignments.answer(row, by=cast["reporter"], text="ทำอยู่", percent=100)
    if state == "more_time":
        assignments.ask_time(row, by=cast["reporter"], text="ไม่ทัน", wanted_on=dt.date(2056, 1, 1))
    if state == "contested":
        assignments.contest(row, by=cast["reporter"], text="ไม่ใช่ของเรา")
    if state in ("accepted", "closed"):
        row = Assignment.objects.get(pk=row.pk)
        row = decisions.close(row, by=by, note="พอ") if state == "closed" else decisions.accept(row, by=by)
    return Assignment.objects.get(pk=row.pk)


DUE = dt.date(2055, 1, 1)


def said_of(row: Assignment) -> Any:
    """What was said about it, and who is asked along."""
    columns = ("kind", "text", "percent", "done_on", "wanted_on", "author", "agency")
    answers = list(Answer.objects.filter(assignment=row).order_by("created_at", "pk").values_list(*columns))
    return answers, sorted(row.partners.values_list("key", flat=True))


@pytest.mark.parametrize("state", ASSIGNMENT_STATES)
def test_a_verb_on_an_assignment(
    state: str, cast: Any, agency: Agency, other_agency: Agency, other_staff: User
) -> None:
    """Nine verbs for six people at both doors; whatever was done is taken back before the next."""
    third = factories.make_agency(other_staff)
    one, two = (asked_and(state, cast, agency, other_staff) for _ in range(2))
    untouched = as_kept(one), said_of(one)
    for verb, (side, letters) in ASSIGNMENTS.items():
        moment = letters[ASSIGNMENT_STATES.index(state)]
        typed = {"agency": other_agency.pk, "partners": [third.pk]} if verb == "reassign" else {}
        sent = {"agency": other_agency.key, "partners": [third.key]} if verb == "reassign" else {}
        for who, letter in zip(PEOPLE, WHO[side].format(moment), strict=True):
            about, expected = (verb, who), LETTERS[letter]
            with transaction.atomic():
                page = through_page(verb, one, cast[who], **typed)
                assert (about, page) == (about, expected_of_page(verb, who, expected))
                assert (about, through_api(verb, two, cast[who], **sent)) == (about, expected)
                after = as_kept(two), said_of(two)
                assert (about, (as_kept(one), said_of(one))) == (about, after)
                assert (about, after != untouched) == (about, expected == DONE)
                transaction.set_rollback(True)


REFUSED = [  # verb, state, what is wrong, the field at which both doors say so
    ("answer", "open", {"text": " "}, "text"),
    ("answer", "open", {"text": "ก" * 5001}, "text"),
    ("answer", "open", {"percent": "101"}, "percent"),
    ("answer", "open", {"percent": "x"}, "percent"),
    ("answer", "open", {"done_on": "2019-02-30", "percent": ""}, "done_on"),
    ("answer", "open", {"done_on": "2099-01-01", "percent": ""}, "done_on"),
    ("answer", "open", {"done_on": "2019-02-01"}, "percent"),
    ("ask-time", "open", {"text": ""}, "text"),
    ("ask-time", "open", {"wanted_on": ""}, "wanted_on"),
    ("ask-time", "open", {"wanted_on": "2055-01-01"}, "wanted_on"),
    ("contest", "open", {"text": ""}, "text"),
    ("send-back", "answered", {"reason": " "}, "reason"),
    ("extend", "open", {"due_on": ""}, "due_on"),
    ("extend", "open", {"due_on": "2055-01-01"}, "due_on"),
    ("reassign", "open", {"agency": ""}, "agency"),
    ("reassign", "open", {"reason": ""}, "reason"),
    ("close", "open", {"note": ""}, "note"),
]


@pytest.mark.parametrize(("verb", "state", "wrong", "field"), REFUSED)
def test_a_bad_answer_about_an_assignment_is_refused_at_the_same_field(
    verb: str, state: str, wrong: Any, field: str, cast: Any, agency: Agency, other_agency: Agency, other_staff: User
) -> None:
    row = asked_and(state, cast, agency, other_staff)
    person = cast["reporter" if ASSIGNMENTS[verb][0] == "agency" else "staff"]
    before = as_kept(row), said_of(row)
    client = Client()
    client.force_login(person)
    by_page = {"agency": other_agency.pk} if verb == "reassign" else {}
    typed = {"version": row.version, **ANSWERS[verb], **by_page, **wrong}
    page = client.post(reverse(PAGES[verb], args=[row.pk]), typed)
    _token, secret = tokens.make(by=person, name="ทดสอบ", days=1)
    api = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")
    by_api = {"agency": other_agency.key} if verb == "reassign" else {}
    sent = {name: None if value == "" and name in NULL else value for name, value in (ANSWERS[verb] | wrong).items()}
    sent = {**sent, **by_api, **({"agency": None} if wrong.get("agency") == "" else {})}
    answer = api.post(f"/api/v1/assignments/{row.pk}/{verb}/", sent)
    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    assert (answer.status_code, list(errors_of(answer))) == (400, [field])
    assert (as_kept(row), said_of(row)) == before


NULL = {"percent", "done_on", "wanted_on", "due_on"}
"""What programs leave out by null."""


def test_an_objection_after_its_last_day_is_refused_with_that_day_at_both_doors(cast, agency, other_staff) -> None:
    row = asked_and("open", cast, agency, other_staff)
    Assignment.objects.filter(pk=row.pk).update(given_on=dt.date(2019, 3, 1))
    for door in (through_page, through_api):
        assert door("contest", Assignment.objects.get(pk=row.pk), cast["reporter"]) == NOT_NOW
    _token, secret = tokens.make(by=cast["reporter"], name="ทดสอบ", days=1)
    api, client = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}"), Client()
    client.force_login(cast["reporter"])
    [sentence] = errors_of(api.post(f"/api/v1/assignments/{row.pk}/contest/", ANSWERS["contest"]))[NO_FIELD]
    page = client.post(reverse(PAGES["contest"], args=[row.pk]), {**ANSWERS["contest"], "version": row.version})
    assert page.context["form"].non_field_errors() == [sentence]
    assert "15" in sentence  # ten working days after Friday 1 March 2019


def test_nobody_accepts_or_closes_what_they_answered_at_either_door(cast: Any, agency, other_staff) -> None:
    for verb in ("accept", "close"):
        for door in (through_page, through_api):
            row = asked_and("open", cast, agency, other_staff)
            assignments.answer(row, by=cast["insider"], text="ทำแล้ว")
            row = Assignment.objects.get(pk=row.pk)
            assert (verb, door(verb, row, cast["insider"])) == (verb, FORBIDDEN)
            assert (verb, door(verb, row, cast["staff"])) == (verb, DONE)


def test_nobody_approves_their_own_at_either_door(cast: Any, project: Project) -> None:
    for door in (through_page, through_api):
        update = factories.make_update(cast["insider"], project, "submitted")
        assert door("approve", update, cast["insider"]) == FORBIDDEN
        assert door("approve", update, cast["staff"]) == DONE


def test_both_doors_refuse_a_stale_version(cast: Any, project: Project) -> None:
    """Neither overwrites what somebody else saved since; the page answers 409, the API 412."""
    for verb, who in (("edit", "reporter"), ("submit", "reporter"), ("approve", "staff"), ("return", "staff")):
        state = "draft" if who == "reporter" else "submitted"
        update = factories.make_update(cast["reporter"], project, state)
        update.version -= 1
        client = Client()
        client.force_login(cast[who])
        typed = {"version": update.version, **(KEPT if verb == "edit" else {}), **ANSWERS.get(verb, {})}
        page = client.post(reverse(PAGES[verb], args=[update.pk]), typed)
        _token, secret = tokens.make(by=cast[who], name="ทดสอบ", days=1)
        api = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_IF_MATCH=f'"{update.version}"')
        one = f"/api/v1/updates/{update.pk}/"
        answer = api.patch(one, ANSWERS[verb]) if verb == "edit" else api.post(f"{one}{verb}/", ANSWERS.get(verb, {}))
        assert (verb, page.status_code, answer.status_code) == (verb, 409 if verb in ("edit", "return") else 302, 412)
        assert ProgressUpdate.objects.get(pk=update.pk).version == update.version + 1
