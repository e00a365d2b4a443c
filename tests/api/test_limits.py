"""Who asks too often waits, whoever counts; other sites' pages read what is public and nothing else."""

from typing import Any

import pytest
from django.core.cache import cache

from govlab.rates import BLOCKS, RATES, Rates
from tests.api.problems import problem_of

URL = "/api/v1/cohorts/"


def test_the_limit_is_for_each_token_and_each_address(call: Any, settings: Any, reporter: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    visitor, other = call(), call(reporter)
    assert [visitor.get(URL).status_code for _ in range(3)] == [200, 200, 429]
    assert [other.get(URL).status_code for _ in range(3)] == [200, 200, 429]
    assert call(reporter).get(URL).status_code == 200  # another token of the same person
    assert visitor.get(URL, REMOTE_ADDR="198.51.100.7").status_code == 200


@pytest.mark.parametrize(("proxies", "told", "status"), [(0, "10.0.0.1", 429), (1, "6.6.6.6, 127.0.0.1", 429)])
def test_a_forged_header_does_not_help(
    proxies: int, told: str, status: int, call: Any, settings: Any, db: None
) -> None:
    settings.API_REQUESTS_PER_MINUTE, settings.NUM_PROXIES = 1, proxies
    assert call().get(URL, headers={"x-forwarded-for": "127.0.0.1"}).status_code == 200
    answer = call().get(URL, headers={"x-forwarded-for": told})
    assert (answer.status_code, problem_of(answer)["status"]) == (status, status)


def test_guessing_tokens_counts_to_the_address(call: Any, settings: Any, db: None) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    tries = [call().get(URL, headers={"authorization": f"Bearer gl_{n}"}).status_code for n in range(4)]
    assert (tries, call().get(URL).status_code) == ([401, 401, 429, 429], 429)


def test_answers_say_how_often_one_may_still_ask(call: Any, settings: Any, db: None, monkeypatch: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    monkeypatch.setattr(RATES, "clock", lambda: 1_000_015.0)  # 55 seconds into its minute
    answers = [call().get(URL) for _ in range(3)]
    assert [answer["RateLimit-Policy"] for answer in answers] == ['"minute";q=2;w=60'] * 3
    assert [answer["RateLimit"] for answer in answers] == ['"minute";r=1;t=5', '"minute";r=0;t=5', '"minute";r=0;t=5']
    assert ([answer.has_header("Retry-After") for answer in answers], answers[2]["Retry-After"]) == (
        [False, False, True],
        "5",
    )


def test_processes_together_never_let_more_through() -> None:
    cache.clear()
    clock = [120.0]
    workers = [Rates(lambda: clock[0]) for _ in range(4)]
    limit = 10 * BLOCKS + 7
    let = [workers[n % 4].take("a", limit).allowed for n in range(2 * limit)]
    assert sum(let) == limit
    assert workers[0].take("b", limit).allowed
    clock[0] = 180.0
    assert workers[0].take("a", limit).allowed


def test_one_worker_alone_gets_the_whole_limit() -> None:
    cache.clear()
    worker = Rates(lambda: 60.0)
    assert [worker.take("a", 300).left for _ in range(300)] == list(range(299, -1, -1))
    assert not worker.take("a", 300).allowed


ORIGIN = {"origin": "https://elsewhere.example"}


def test_a_page_of_another_site_reads_what_is_public(call: Any, db: None) -> None:
    for path, status in ((URL, 200), ("/api/v1/nowhere/", 404), ("/api/v1/schema/", 200)):
        answer = call().get(path, headers=ORIGIN)
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, "*")
        assert not answer.has_header("Access-Control-Allow-Credentials")
        assert not answer.cookies


def test_it_reads_nothing_with_a_token_and_writes_nothing(call: Any, reporter: Any) -> None:
    api = call(reporter)
    assert not api.get(URL, headers=ORIGIN).has_header("Access-Control-Allow-Origin")
    assert not call().post("/api/v1/updates/", {}, headers=ORIGIN).has_header("Access-Control-Allow-Origin")
    assert not api.post("/api/v1/updates/", {}, headers=ORIGIN).has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_browser_that_asks_beforehand_hears_of_reading_alone(
    method: str, call: Any, sign_in: Any, staff: Any
) -> None:
    asks = {**ORIGIN, "access-control-request-method": method, "access-control-request-headers": "authorization"}
    for client in (call(), sign_in(staff)):
        answer = client.options("/api/v1/updates/", headers=asks)
        assert (answer.status_code, answer.content, dict(answer.cookies)) == (204, b"", {})
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert "authorization" not in answer["Access-Control-Allow-Headers"].lower()
        assert not answer.has_header("Access-Control-Allow-Credentials")


def test_a_session_opens_nothing_of_the_api(sign_in: Any, staff: Any, agency: Any) -> None:
    answer = sign_in(staff).get("/api/v1/rounds/", headers=ORIGIN)
    assert answer.status_code == 401


def test_pages_for_people_are_open_to_no_other_site(client: Any, db: None) -> None:
    assert not client.get("/", headers=ORIGIN).has_header("Access-Control-Allow-Origin")
