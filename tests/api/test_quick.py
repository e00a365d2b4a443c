"""A page of a list is made in few steps: what is quick says the same as what is plain, to everybody their own."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.renderers import JSONRenderer

import agencies.api.urls
import projects.api.urls
from agencies.api import reading
from govlab import counting
from projects.models import Project
from projects.rules import publishing
from tests import factories
from tests.world import make_world

PROJECTS = "/api/v1/projects/"


@pytest.fixture(autouse=True)
def _numbers_of_this_test_alone() -> Any:
    counting.COUNTS.clear()
    yield
    counting.COUNTS.clear()


def lists() -> list[str]:
    """The address of every list that needs no other record in it."""
    doors = [prefix for prefix, _door, _name in agencies.api.urls.ROUTES + projects.api.urls.ROUTES]
    return [f"/api/v1/{prefix}/" for prefix in doors if "(" not in prefix] + [
        f"/api/v1/lookups/{table}/" for table in ("labs", "fields")
    ]


@pytest.mark.parametrize("who", ["visitor", "reporter", "staff"])
def test_every_list_is_written_as_the_rest_framework_writes_it(
    who: str, call: Any, staff: Any, agency: Any, reporter: Any, request: Any, monkeypatch: Any
) -> None:
    make_world(staff, agency, reporter)
    api, wrote, full = call(None if who == "visitor" else request.getfixturevalue(who)), [], 0
    plain = reading.orjson.dumps
    monkeypatch.setattr(reading.orjson, "dumps", lambda data, *how: wrote.append(data) or plain(data, *how))
    for path in lists():
        answer = api.get(path)
        if answer.status_code == 200:
            full += bool(answer.json().get("results"))
            assert json.loads(JSONRenderer().render(wrote.pop())) == json.loads(answer.content), path
    assert full > {"visitor": 15, "reporter": 20, "staff": 25}[who]


def test_everybody_reads_their_own_page_however_often_others_asked(
    call: Any, staff: Any, reporter: Any, stranger: Any, agency: Any, settings: Any
) -> None:
    settings.PAGES_MEMORY = 8
    names = {"GL2562-1": True, "GL2562-2": False, "GL2562-3": False}
    made = [
        factories.make_project(staff, owner=agency if code != "GL2562-3" else None, code=code, published=public)
        for code, public in names.items()
    ]
    seen = {staff: {*names}, reporter: {"GL2562-1", "GL2562-2"}, stranger: {"GL2562-1"}, None: {"GL2562-1"}}

    def ask(who: Any, asked: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = call(who).get(f"{PROJECTS}{asked}").json()
        return answer

    for who in [staff, None, reporter, stranger, staff, None, reporter]:
        found = ask(who)
        assert ({row["code"] for row in found["results"]}, found["count"]) == (seen[who], len(seen[who]))
        assert all(("version" in row) == (who == staff) for row in found["results"])
    publishing.publish(made[1], by=staff)
    for who, before in seen.items():
        codes = before | {"GL2562-2"}
        assert ({row["code"] for row in ask(who)["results"]}, ask(who)["count"]) == (codes, len(codes))
    pages = [ask(staff, f"?page_size=2&page={page}")["results"] for page in (1, 2)]
    assert [[row["code"] for row in page] for page in pages] == [["GL2562-1", "GL2562-2"], ["GL2562-3"]]
    filtered = ask(None, "?page_size=2&cohort=2562&order=-code")["results"]
    assert [row["code"] for row in filtered] == ["GL2562-2", "GL2562-1"]


def test_counting_joins_nothing_and_the_order_needs_no_sorting(call: Any, staff: Any, agency: Any) -> None:
    for year in (2562, 2563):
        cohort = factories.make_project(staff, owner=agency, year=year, code=f"GL{year}-1").cohort
        made = (f"GL{year}-{n}" for n in range(2, 300))
        Project.objects.bulk_create(
            Project(code=code, cohort=cohort, title_th=code, state="published") for code in made
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for asked in ("", "?state=published"):
        with CaptureQueriesContext(connection) as queries:
            assert call().get(f"{PROJECTS}{asked}").json()["results"][0]["code"] == "GL2563-1"
        [count] = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
        [page] = [query["sql"] for query in queries if "LIMIT 50" in query["sql"]]
        assert " JOIN " not in count
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {page}")
                assert [row[-1] for row in cursor.fetchall() if "TEMP B-TREE" in row[-1]] == []
