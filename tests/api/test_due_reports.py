"""Due reports and rounds over the API: read by staff and the agencies that report, waived and closed by staff."""

from typing import Any

import pytest

from agencies.models import Agency, User
from projects.models import DueReport, Project, Round, Snapshot
from projects.rules import projects, rounds, updates
from tests import factories
from tests.api.problems import errors_of, said_in

URL = "/api/v1/due-reports/"
ROUNDS = "/api/v1/rounds/"


@pytest.fixture
def round_(staff: User, project: Project) -> Round:
    return factories.make_round(staff)


@pytest.fixture
def due(round_: Round) -> DueReport:
    return round_.reports.get()


def test_a_due_report_says_what_is_asked_until_when_and_how_far_it_is(
    call: Any, reporter: User, project: Project, round_: Round, due: DueReport
) -> None:
    said = call(reporter).get(f"{URL}{due.pk}/").json()
    assert said.pop("url").endswith(f"/projects/{project.code}/")
    assert said == {
        "id": due.pk,
        "round": round_.pk,
        "cohort": 2562,
        "project": project.code,
        "period_start": str(round_.period_start),
        "period_end": str(round_.period_end),
        "due_on": str(round_.due_on),
        "state": "due",
        "days_late": 0,
        "update": None,
        "waived_at": None,
        "waived_reason": "",
        "closed": False,
        "steps": [],
        "demo": False,
    }


def test_another_agency_never_sees_it(
    call: Any, staff: User, stranger: User, other_agency: Agency, reporter: User, round_: Round, due: DueReport
) -> None:
    rounds.waive(due, by=staff, reason="CANARY-REASON")
    factories.make_project(staff, owner=other_agency, year=2561)
    theirs = factories.make_round(staff, year=2561)
    seen = {}
    for name, person in {"stranger": stranger, "reporter": reporter, "staff": staff}.items():
        api = call(person)
        lists = [[row["round"] for row in api.get(URL).json()["results"]]]
        lists.append([row["id"] for row in api.get(ROUNDS).json()["results"]])
        codes = [api.get(address).status_code for address in (f"{URL}{due.pk}/", f"{ROUNDS}{round_.pk}/")]
        seen[name] = (*map(sorted, lists), *codes)
    both = sorted([round_.pk, theirs.pk])
    assert seen == {
        "stranger": ([theirs.pk], [theirs.pk], 404, 404),
        "reporter": ([round_.pk], [round_.pk], 200, 200),
        "staff": (both, both, 200, 200),
    }
    api = call(stranger)
    for query in (f"?project={due.project.code}", f"?round={round_.pk}", "?state=waived", "?cohort=2562"):
        text = api.get(URL + query).content.decode()
        assert ("CANARY" in text, api.get(URL + query).json().get("count", 0)) == (False, 0)
    known, unknown = (api.get(f"{URL}?round={pk}") for pk in (round_.pk, 999999))
    assert (known.status_code, known.content) == (400, unknown.content)
    for verb in ("waive", "unwaive"):
        known, unknown = (api.post(f"{URL}{pk}/{verb}/", {"reason": "x"}) for pk in (due.pk, 999999))
        assert (known.status_code, said_in(known)) == (404, said_in(unknown))
    assert [call().get(address).status_code for address in (URL, ROUNDS, f"{URL}{due.pk}/")] == [401] * 3


def test_a_draft_is_named_only_to_the_agency_that_writes_it(
    call: Any, staff: User, reporter: User, project: Project, due: DueReport
) -> None:
    partner = factories.make_agency(staff)
    projects.add_part(project, by=staff, agency=partner, part="partner")
    people = {"staff": staff, "reporter": reporter, "partner": factories.make_member(partner)}
    update = updates.add(by=reporter, project=project, due=due, **factories.FULL)

    def told() -> dict[str, tuple[str, int | None]]:
        found = {name: call(who).get(f"{URL}{due.pk}/").json() for name, who in people.items()}
        return {name: (row["state"], row["update"]) for name, row in found.items()}

    assert told() == {"staff": ("draft", None), "reporter": ("draft", update.pk), "partner": ("draft", None)}
    updates.submit(update, by=reporter)
    wanted = {"staff": ("waiting", update.pk), "reporter": ("waiting", update.pk), "partner": ("waiting", None)}
    assert told() == wanted


def test_lists_are_filtered_with_the_same_queries_for_one_and_three(
    call: Any, staff: User, agency: Agency, reporter: User, due: DueReport, django_assert_num_queries: Any
) -> None:
    api = call(staff)
    api.get(URL)  # notes once when the token was used
    with django_assert_num_queries(3):
        assert api.get(URL).json()["count"] == 1
    more = [factories.make_project(staff, owner=agency) for _ in range(2)]
    rounds.tick()
    rounds.waive(more[0].due_reports.get(), by=staff, reason="จบแล้ว")
    with django_assert_num_queries(3):
        assert api.get(URL).json()["count"] == 3
    queries = {
        "?state=waived": 1,
        "?state=due": 2,
        f"?project={more[1].code}": 1,
        "?cohort=2562": 3,
        f"?round={due.round_id}&state=due": 2,
    }
    assert {query: api.get(URL + query).json()["count"] for query in queries} == queries
    refused = {query: api.get(URL + query).status_code for query in ("?state=no", "?round=x", "?cohort=2599")}
    assert set(refused.values()) == {400}


def test_staff_waive_and_take_it_back_with_versions_and_keys(
    call: Any, staff: User, reporter: User, due: DueReport
) -> None:
    desk, one = call(staff), f"{URL}{due.pk}/"
    read = desk.get(one)
    assert (read.json()["steps"], read["ETag"].split("-")[0]) == (["waive"], '"1')
    assert call(reporter).post(f"{one}waive/", {"reason": "x"}).status_code == 403
    assert list(errors_of(desk.post(f"{one}waive/", {"reason": " "}))) == ["reason"]
    first, again = (
        desk.post(f"{one}waive/", {"reason": "ส่งแล้ว"}, headers={"idempotency-key": "k", "if-match": '"1"'})
        for _ in range(2)
    )
    assert (first.status_code, first.json()["state"], again.json()) == (200, "waived", first.json())
    assert desk.post(f"{one}unwaive/", headers={"if-match": '"1"'}).status_code == 412
    back = desk.post(f"{one}unwaive/", headers={"if-match": first["ETag"]})
    assert (back.status_code, back.json()["state"], due.history.count()) == (200, "due", 3)


def test_staff_close_a_round_once(call: Any, staff: User, reporter: User, round_: Round, due: DueReport) -> None:
    desk, one = call(staff), f"{ROUNDS}{round_.pk}/"
    assert (desk.get(one).json()["steps"], call(reporter).get(one).json()["steps"]) == (["edit", "close"], [])
    assert call(reporter).post(f"{one}close/").status_code == 403
    closed = desk.post(f"{one}close/")
    assert (closed.status_code, bool(closed.json()["closed_at"]), closed.json()["steps"]) == (200, True, [])
    assert (desk.post(f"{one}close/").status_code, Snapshot.objects.count()) == (400, 1)
    assert desk.get(f"{URL}{due.pk}/").json()["closed"] is True
    assert [desk.get(f"{ROUNDS}?closed={word}").json()["count"] for word in ("yes", "no")] == [1, 0]
