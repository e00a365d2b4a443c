"""Assignments over the API: agencies answer, staff close and open again."""

from typing import Any

import pytest

from agencies.models import Agency
from projects.models import Answer, Assignment
from projects.rules import assignments, meetings, publishing
from tests import factories

URL = "/api/v1/assignments/"


@pytest.fixture
def assignment(staff: Any, agency: Agency, other_agency: Agency) -> Assignment:
    meeting = factories.make_meeting(staff)
    return meetings.add_part(
        Assignment, by=staff, meeting=meeting, text_th="ทำแผน", agency=agency, partners=[other_agency]
    )


def test_an_assignment_goes_its_whole_way(
    call: Any, reporter: Any, staff: Any, assignment: Any, agency: Agency
) -> None:
    api, desk, one = call(reporter), call(staff), f"{URL}{assignment.pk}/"
    assert api.get(one).json()["steps"] == ["answer"]
    said = api.post(f"{one}answer/", {"text": "ทำแล้ว"})
    assert (said.status_code, said.json()["state"]) == (200, "answered")
    (answer,) = said.json()["answers"]
    assert (answer["text"], answer["agency"]["key"]) == ("ทำแล้ว", agency.key)
    assert desk.get(one).json()["steps"] == ["close"]
    assert list(desk.post(f"{one}close/", {"note": " "}).json()) == ["note"]
    closed = desk.post(f"{one}close/", {"note": "ครบ"})
    assert (closed.status_code, closed.json()["state"], closed.json()["closing_note"]) == (200, "closed", "ครบ")
    assert api.post(f"{one}answer/", {"text": "อีก"}).status_code == 400
    opened = desk.post(f"{one}reopen/", headers={"if-match": closed["ETag"]})
    assert (opened.status_code, opened.json()["state"]) == (200, "open")
    assert desk.post(f"{one}close/", {"note": "ครบ"}, headers={"if-match": closed["ETag"]}).status_code == 412


def test_answers_and_notes_are_for_those_who_are_asked_and_staff(
    call: Any, reporter: Any, stranger: Any, staff: Any, assignment: Any
) -> None:
    assignments.answer(assignment, by=reporter, text="CANARY-ANSWER")
    assignments.close(assignment, by=staff, note="CANARY-NOTE")
    third = factories.make_member(factories.make_agency(staff))
    seen = {}
    for name, person in {"visitor": None, "third": third, "asked": stranger, "own": reporter, "staff": staff}.items():
        text = call(person).get(f"{URL}{assignment.pk}/").content.decode()
        assert text == call(person).get(f"{URL}{assignment.pk}/").content.decode()
        seen[name] = ["CANARY-ANSWER" in text, "CANARY-NOTE" in text, '"version"' in text]
    assert seen == {
        "visitor": [False, False, False],
        "third": [False, False, False],
        "asked": [False, True, True],
        "own": [True, True, True],
        "staff": [True, True, True],
    }


def test_an_assignment_of_a_meeting_that_is_not_public_is_not_there(
    call: Any, reporter: Any, staff: Any, stranger: Any, assignment: Any
) -> None:
    publishing.hide(assignment.meeting, by=staff)
    third = factories.make_member(factories.make_agency(staff))
    codes = {
        name: call(person).get(f"{URL}{assignment.pk}/").status_code
        for name, person in {"visitor": None, "third": third, "own": reporter, "staff": staff}.items()
    }
    assert codes == {"visitor": 404, "third": 404, "own": 200, "staff": 200}
    assert call(reporter).get(f"{URL}{assignment.pk}/").json()["url"] is None
    for verb in ("answer", "close", "reopen"):
        known, unknown = (
            call(third).post(f"{URL}{pk}/{verb}/", {"text": "x", "note": "x"}) for pk in (assignment.pk, 999999)
        )
        assert (known.status_code, known.content) == (404, unknown.content)


def test_the_same_key_answers_once(call: Any, reporter: Any, assignment: Any) -> None:
    api, headers = call(reporter), {"idempotency-key": "k"}
    first, again = (api.post(f"{URL}{assignment.pk}/answer/", {"text": "ทำแล้ว"}, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("text", ["", "ก" * 5001, "ก\0", ["ก"], {"a": 1}, True, None])
def test_a_bad_answer_is_a_400_at_its_field(text: Any, call: Any, reporter: Any, assignment: Any) -> None:
    answer = call(reporter).post(f"{URL}{assignment.pk}/answer/", {"text": text})
    assert (answer.status_code, list(answer.json())) == (400, ["text"])
