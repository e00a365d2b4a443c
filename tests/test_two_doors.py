"""One verb through page and API: the same result, the same refusal, for every person in every state."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from agencies.models import Agency, Membership, User
from agencies.rules import tokens
from projects.models import Answer, Assignment, ProgressUpdate, Project
from projects.rules import assignments, meetings
from tests import factories

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
ASSIGNMENTS = {  # the meeting is public, so everybody sees the assignment
    ("answer", "open"): "sfDDfD",
    ("answer", "answered"): "sfDDfD",
    ("answer", "closed"): "sfnnfn",
    ("close", "open"): "sfffDD",
    ("close", "answered"): "sfffDD",
    ("close", "closed"): "sfffnn",
    ("reopen", "open"): "sfffnn",
    ("reopen", "answered"): "sfffnn",
    ("reopen", "closed"): "sfffDD",
}
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
    "close": "desk:assignment-close",
    "reopen": "desk:assignment-reopen",
}
ANSWERS = {
    "edit": {"title": "หัวข้อใหม่", "text": "ข้อความใหม่"},
    "hand-back": {"reason": "ใส่จำนวน"},
    "return": {"reason": "ขอจำนวนผู้ให้สัมภาษณ์"},
    "take-back": {"reason": "ตัวเลขผิด"},
    "answer": {"text": "ทำแล้ว"},
    "close": {"note": "ครบถ้วน"},
}
KEPT = {"stage_number": 2, "stage_state": "in_progress", "happened_on": "30/6/2562", "obstacles": "ขอล่ามเพิ่ม"}
"""What the page's form sends along, as it stands in the record."""


def rows(table: dict[tuple[str, str], str]) -> list[Any]:
    return [
        pytest.param(verb, state, who, LETTERS[letter], id=f"{verb}-{state}-{who}")
        for (verb, state), letters in table.items()
        for who, letter in zip(PEOPLE, letters, strict=True)
    ]


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


def through_page(verb: str, thing: Any, person: User | None) -> str:
    """What a browser gets when it sends the page's form or button."""
    client = Client()
    if person:
        client.force_login(person)
    before = type(thing).objects.filter(pk=thing.pk).values_list("version", flat=True).first()
    typed = {"version": thing.version, **(KEPT if verb == "edit" else {}), **ANSWERS.get(verb, {})}
    answer = client.post(reverse(PAGES[verb], args=[thing.pk]), typed)
    if answer.status_code == 401 or (answer.status_code == 302 and "/accounts/login/" in answer["Location"]):
        return SIGN_IN
    if answer.status_code in (403, 404):
        return {403: FORBIDDEN, 404: NOTHING}[answer.status_code]
    assert answer.status_code in (200, 302, 400), answer.status_code
    after = type(thing).objects.filter(pk=thing.pk).values_list("version", flat=True).first()
    return DONE if after != before else NOT_NOW


def through_api(verb: str, thing: Any, person: User | None) -> str:
    """What a program gets that sends the same."""
    api = APIClient()
    if person:
        _token, secret = tokens.make(by=person, name="ทดสอบ", days=1)
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    things = "updates" if isinstance(thing, ProgressUpdate) else "assignments"
    one, sent = f"/api/v1/{things}/{thing.pk}/", ANSWERS.get(verb, {})
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


@pytest.mark.parametrize(("verb", "state", "who", "expected"), rows(ASSIGNMENTS))
def test_a_verb_on_an_assignment(
    verb: str, state: str, who: str, expected: str, cast: Any, agency: Agency, other_staff: User
) -> None:
    def make() -> Assignment:
        meeting = factories.make_meeting(other_staff)
        row = meetings.add_part(Assignment, by=other_staff, meeting=meeting, text_th="ทำแผน", agency=agency)
        if state != "open":
            assignments.answer(row, by=cast["reporter"], text="ทำอยู่")
        if state == "closed":
            assignments.close(row, by=other_staff, note="พอ")
        return Assignment.objects.get(pk=row.pk)

    one, two = make(), make()
    untouched = as_kept(one)
    assert through_page(verb, one, cast[who]) == expected_of_page(verb, who, expected)
    assert through_api(verb, two, cast[who]) == expected
    assert as_kept(one) == as_kept(two)
    assert (as_kept(two) != untouched) == (expected == DONE)
    said = [list(Answer.objects.filter(assignment=row).values_list("text", "author")) for row in (one, two)]
    assert said[0] == said[1]


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
