"""Every refusal of the API is a problem as RFC 9457 has it, in the language that was asked for."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from govlab.problems import KINDS, NOTHING, not_offered, type_of
from projects.api.projects import Projects
from tests import factories
from tests.api.problems import errors_of, problem_of

UPDATES = "/api/v1/updates/"
THAI, ENGLISH = "คำขอถี่เกินไป", "Too many requests"


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (400, lambda api, update: api.post(UPDATES, {})),
        (401, lambda api, update: Client().post(UPDATES)),
        (401, lambda api, update: Client().get(UPDATES, headers={"authorization": "Bearer gl_no"})),
        (403, lambda api, update: api.post(f"{UPDATES}{update.pk}/approve/")),
        (404, lambda api, update: api.get("/api/v1/nowhere/")),
        (404, lambda api, update: api.get(f"{UPDATES}999999/")),
        (405, lambda api, update: api.put(f"{UPDATES}{update.pk}/", {})),
        (406, lambda api, update: api.get(UPDATES, headers={"accept": "text/csv"})),
        (412, lambda api, update: api.patch(f"{UPDATES}{update.pk}/", {}, headers={"if-match": '"77"'})),
        (413, lambda api, update: api.post(UPDATES, {"text": "a" * 1024 * 1024})),
        (413, lambda api, update: api.post(UPDATES, b"{}", CONTENT_LENGTH="99999999999", content_type="text/json")),
        (415, lambda api, update: api.post(UPDATES, b"a,b", content_type="text/csv")),
        (428, lambda api, update: api.patch(f"{UPDATES}{update.pk}/", {})),
    ],
)
def test_each_refusal_names_its_kind(status: int, ask: Any, call: Any, reporter: Any, project: Any) -> None:
    answer = ask(call(reporter), factories.make_update(reporter, project))
    said = problem_of(answer)
    assert (answer.status_code, said["type"]) == (status, type_of(status))
    assert said["title"] == str(KINDS[status].title)


def test_a_key_of_another_request_is_told(call: Any, reporter: Any, project: Any) -> None:
    api = call(reporter)
    api.post(UPDATES, {"project": project.code}, headers={"idempotency-key": "k"})
    again = api.post(UPDATES, {"project": project.code, "title": "x"}, headers={"idempotency-key": "k"})
    assert (again.status_code, problem_of(again)["type"]) == (422, type_of(422))


def test_what_broke_is_told_in_json_without_a_word_of_how(call: Any, db: None, monkeypatch: Any) -> None:
    def broken(_self: Any) -> None:
        raise RuntimeError("SECRET")

    monkeypatch.setattr(Projects, "get_queryset", broken)
    api = call()
    api.raise_request_exception = False
    answer = api.get("/api/v1/projects/")
    assert (answer.status_code, problem_of(answer)["title"]) == (500, str(KINDS[500].title))
    assert "SECRET" not in answer.content.decode()


def test_another_host_is_refused_in_json_too(db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    answer = Client().get("/api/v1/projects/", headers={"host": "evil.example"})
    assert (answer.status_code, problem_of(answer)["status"]) == (400, 400)
    assert b"evil" not in answer.content


@pytest.mark.parametrize(("language", "title"), [("th", THAI), ("en", ENGLISH)])
def test_too_many_are_told_in_the_language_asked_for(
    language: str, title: str, call: Any, db: None, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    answer = call().get("/api/v1/cohorts/", headers={"accept-language": language})
    assert (answer.status_code, problem_of(answer)["title"], answer["Content-Language"]) == (429, title, language)


def test_what_is_wrong_stands_by_field_and_as_a_sentence(call: Any, reporter: Any, project: Any) -> None:
    said = {"accept-language": "en"}
    answer = call(reporter).post(UPDATES, {"project": "GL2562-999", "stage": 9}, headers=said)
    assert (answer.status_code, sorted(errors_of(answer))) == (400, ["project", "stage"])
    assert problem_of(answer)["detail"] == "Correct what is named under “errors” and send it again."
    unread = call(reporter).post(UPDATES, b"{", content_type="application/json", headers=said)
    sentence = "This could not be read. Check that it is well formed."
    assert (problem_of(unread)["detail"], errors_of(unread)) == (sentence, {"non_field_errors": [sentence]})


def test_the_same_words_for_no_address_and_no_record(call: Any, db: None) -> None:
    answers = [call().get(path) for path in ("/api/v1/nowhere/", "/api/v1/projects/GL2562-999/")]
    assert [problem_of(answer)["detail"] for answer in answers] == [str(NOTHING)] * 2


def test_the_page_for_developers_explains_each_kind(client: Any, db: None) -> None:
    page = client.get(reverse("api-docs")).content.decode()
    assert [f'id="problem-{kind.name}"' in page for kind in KINDS.values()] == [True] * len(KINDS)


DAY = "This is no date. Send it as YYYY-MM-DD in the Common Era, such as 2021-11-23."


@pytest.mark.parametrize(
    "typed", ["2019-13-20", "2021-02-30", "31/2/2562", "0000-01-01", "soon", 20211123, ["2021-11-23"]]
)
def test_a_program_is_told_how_a_program_writes_a_day(
    typed: Any, call: Any, reporter: Any, staff: Any, project: Any
) -> None:
    english = {"accept-language": "en"}
    doors = {
        "happened_on": (reporter, UPDATES, {"project": project.code}),
        "published_on": (staff, "/api/v1/sources/", {"key": "new", "title_th": "ก"}),
    }
    for name, (person, path, sent) in doors.items():
        assert errors_of(call(person).post(path, {**sent, name: typed}, headers=english)) == {name: [DAY]}


def test_what_is_not_offered_is_refused_with_what_is(call: Any, reporter: Any, staff: Any, project: Any) -> None:
    english, thai = {"accept-language": "en"}, {"accept-language": "th"}
    desk, states = call(staff), "in_progress, done"
    sent = {"project": project.code, "stage": 9, "stage_state": "zz"}
    said = errors_of(call(reporter).post(UPDATES, sent, headers=english))
    assert said == {
        "stage": ["There is no “9” here. Choose from: 1, 2, 3, 4."],
        "stage_state": [f"There is no “zz” here. Choose from: {states}."],
    }
    said = errors_of(call(reporter).post(UPDATES, sent, headers=thai))
    assert said["stage"] == ["ไม่มี “9” ในรายการนี้ โปรดเลือกจาก: 1, 2, 3, 4"]
    refused = desk.post("/api/v1/agencies/", {"key": "new", "name_th": "ก", "kind": ["zz"]}, headers=english)
    assert errors_of(refused)["kind"][0].startswith("There is no “['zz']” here. Choose from: ")
    for list_ in ("/api/v1/updates/?state=zz", "/api/v1/updates/?order=zz", "/api/v1/projects/?order=zz"):
        name, _is, value = list_.partition("?")[2].partition("=")
        told = errors_of(desk.get(list_, headers=english))[name][0]
        assert told.startswith(f"There is no “{value}” here. Choose from: ") and told.count(", ") > 2


def test_of_a_long_list_those_near_are_named_or_the_first() -> None:
    known = [f"{first}{second}" for first in "abcdefgh" for second in "abcdefgh"]
    with override("en"):
        assert not_offered("aaz", known).partition(": ")[2] == "aa."
        assert not_offered("ฮ" * 200, known).endswith(", ….")
        assert len(not_offered("ฮ" * 200, known)) < 400


def test_a_choice_that_is_no_text_of_any_encoding_is_refused_as_any_other(
    call: Any, reporter: Any, project: Any
) -> None:
    raw = b'{"project": "%s", "stage_state": "\\ud800"}' % project.code.encode()
    answer = call(reporter).post(UPDATES, raw, content_type="application/json")
    assert [*errors_of(answer)] == ["stage_state"]
