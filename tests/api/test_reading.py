"""Reading over the API: what everybody sees, in which shape, with how many queries."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from agencies.models import Agency, Source
from agencies.rules import records
from govlab.history import keep
from govlab.problems import NOTHING
from projects.models import (
    AgendaItem,
    Assignment,
    Facet,
    Indicator,
    InnovationType,
    Lab,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Resolution,
)
from projects.models.innovations import TOLD
from projects.models.projects import STORY
from projects.rules import meetings, projects, publishing, stages
from projects.rules.readings import Measure
from tests import factories
from tests.api.problems import errors_of, problem_of

HOST = "http://testserver"


@pytest.fixture
def source(staff: Any) -> Source:
    return records.add(
        Source,
        by=staff,
        key="001",
        title_th="ข่าว",
        title_en="News",
        publisher_th="สวท.",
        published_on=dt.date(2019, 1, 11),
        url="https://example.go.th/1",
    )


SOURCE = {
    "key": "001",
    "title_th": "ข่าว",
    "title_en": "News",
    "publisher_th": "สวท.",
    "publisher_en": "",
    "published_on": "2019-01-11",
    "url": "https://example.go.th/1",
}


def test_an_agency_is_read_by_its_key(call: Any, staff: Any, source: Any) -> None:
    parent = factories.make_agency(staff, "กระทรวง", key="ministry")
    answers = {"name_en": "Department", "short_th": "กรม", "short_en": "Dep", "parent": parent, "sources": [source]}
    factories.make_agency(staff, "กรมหนึ่ง", key="dep", **answers)
    assert call().get("/api/v1/agencies/dep/").json() == {
        "key": "dep",
        "name_th": "กรมหนึ่ง",
        "name_en": "Department",
        "short_th": "กรม",
        "short_en": "Dep",
        "kind": "government",
        "parent": "ministry",
        "sources": [SOURCE],
        "demo": False,
        "url": f"{HOST}/agencies/dep/",
    }


def test_a_source_is_read_by_its_key(call: Any, source: Any) -> None:
    assert call().get("/api/v1/sources/001/").json() == {**SOURCE, "demo": False}


def test_a_cohort_says_its_year_in_both_eras(call: Any, staff: Any, agency: Agency, source: Any) -> None:
    cohort = factories.make_cohort(staff, 2561)
    records.edit(cohort, by=staff, version=cohort.version, supported_by=[agency], sources=[source])
    assert call().get("/api/v1/cohorts/2561/").json() == {
        "year": 2561,
        "year_ce": 2018,
        "about_th": "",
        "about_en": "",
        "supported_by": [{"key": agency.key, "name_th": agency.name_th, "name_en": ""}],
        "sources": [SOURCE],
        "demo": False,
        "url": f"{HOST}/projects/?cohort=2561",
    }


def test_a_project_is_read_by_its_code_with_its_four_stages(call: Any, staff: Any, agency: Any, source: Any) -> None:
    field = factories.make_field(staff)
    lab = records.add(Lab, by=staff, key="policy", name_th="ทดสอบนโยบาย", name_en="Policy Lab")
    facet = records.add(Facet, by=staff, key="mission", name_en="mission-oriented")
    kind = records.add(InnovationType, by=staff, key="service", name_th="นวัตกรรมบริการ")
    lists = {"types": [kind], "labs": [lab], "facets": [facet], "sources": [source]}
    project = factories.make_project(staff, owner=agency, code="GL2562-3", title_th="แรงงาน", field=field, **lists)
    stage = project.stages.get(number=1)
    dates = {"planned_start": dt.date(2019, 1, 1), "actual_start": dt.date(2019, 1, 11)}
    stages.edit(stage, by=staff, version=stage.version, state="in_progress", **dates)
    found = call().get("/api/v1/projects/GL2562-3/").json()
    assert found.pop("updated_at")[:2] == "20"
    found_stages = found.pop("stages")
    assert found == {
        "code": "GL2562-3",
        "title_th": "แรงงาน",
        "title_en": "",
        "state": "published",
        "cohort": 2562,
        "cohort_ce": 2019,
        "field": {"key": field.key, "name_th": "การศึกษา", "name_en": ""},
        "focus_th": "",
        "focus_en": "",
        "aim_th": "",
        "aim_en": "",
        **dict.fromkeys(STORY, ""),
        "province": "",
        "agencies": [
            {"key": agency.key, "name_th": agency.name_th, "name_en": "", "part": "owner", "demo": False},
        ],
        "current_stage": 1,
        "types": [{"key": "service", "name_th": "นวัตกรรมบริการ", "name_en": ""}],
        "labs": [{"key": "policy", "name_th": "ทดสอบนโยบาย", "name_en": "Policy Lab"}],
        "facets": [{"key": "mission", "name_th": "", "name_en": "mission-oriented"}],
        "indicators": f"{HOST}/api/v1/indicators/?project=GL2562-3",
        "updates": f"{HOST}/api/v1/updates/?project=GL2562-3",
        "sources": [SOURCE],
        "demo": False,
        "url": f"{HOST}/projects/GL2562-3/",
        "steps": [],
    }
    assert [row["key"] for row in found_stages] == ["overview", "needs", "develop", "plan"]
    assert [row["state"] for row in found_stages] == ["in_progress", "unknown", "unknown", "unknown"]
    first = found_stages[0]
    assert first.pop("name_th") and first.pop("name_en") == "Understand the whole picture"
    assert first == {
        "number": 1,
        "key": "overview",
        "state": "in_progress",
        "planned_start": "2019-01-01",
        "planned_end": None,
        "actual_start": "2019-01-11",
        "actual_end": None,
        "demo": False,
    }


def test_an_indicator_shows_only_readings_that_may_be_read(
    call: Any, staff: Any, project: Any, reporter: Any, stranger: Any
) -> None:
    names = {"name_th": "เวลารอ", "unit_th": "นาที", "baseline": Decimal("90"), "target": Decimal("30.5")}
    indicator = make_indicator(staff, project, **names)
    told = factories.make_update(reporter, project, "approved", staff, readings={indicator: Measure(Decimal("1000"))})
    kept = factories.make_update(reporter, project, readings={indicator: Measure(Decimal("60.25"))})
    path = f"/api/v1/indicators/{indicator.pk}/"
    public = [{"happened_on": "2019-06-30", "value": "1000", "update": told.pk, "demo": False}]
    public[0] |= {"unavailable": "", "state": "approved"}
    assert call().get(path).json() == {
        "id": indicator.pk,
        "project": project.code,
        "name_th": "เวลารอ",
        "name_en": "",
        "unit_th": "นาที",
        "unit_en": "",
        "direction": "up",
        "counting": "periodic",
        "baseline": "90",
        "target": "30.5",
        "readings": public,
        "demo": False,
        "url": f"{HOST}/projects/{project.code}/",
    }
    assert call(stranger).get(path).json()["readings"] == public
    own = {**public[0], "value": "60.25", "update": kept.pk, "state": "draft"}
    assert call(reporter).get(path).json()["readings"] == [*public, own]


def make_indicator(staff: Any, project: Any, **answers: Any) -> Indicator:
    return keep(Indicator(project=project), "add", by=staff, **{"name_th": "เวลารอ", "unit_th": "นาที", **answers})


def test_an_innovation_does_not_name_a_project_that_is_not_public(call: Any, staff: Any, agency: Any) -> None:
    hidden = factories.make_project(staff, owner=agency, published=False)
    row = factories.make_innovation(staff, project=hidden, agency=agency)
    found = call().get(f"/api/v1/innovations/{row.pk}/").json()
    assert found.pop("updated_at")
    assert found == {
        "id": row.pk,
        "title_th": row.title_th,
        "title_en": "",
        **dict.fromkeys(TOLD, ""),
        "state": "published",
        "agency": {"key": agency.key, "name_th": agency.name_th, "name_en": ""},
        "project": None,
        "country": "TH",
        "types": [],
        "sources": [],
        "demo": False,
        "url": f"{HOST}/innovations/{row.pk}/",
        "steps": [],
    }
    assert call(staff).get(f"/api/v1/innovations/{row.pk}/").json()["project"] == hidden.code
    publishing.publish(hidden, by=staff)
    assert call().get(f"/api/v1/innovations/{row.pk}/").json()["project"] == hidden.code


@pytest.fixture
def meeting(staff: Any, agency: Any, project: Any) -> Any:
    """A meeting that holds one of everything, and a project that is not public."""
    secret = factories.make_project(staff, owner=agency, published=False)
    row = factories.make_meeting(staff, hosts=[agency], projects=[project, secret])
    meetings.add_part(MeetingPerson, by=staff, meeting=row, name_th="คนหนึ่ง", role_th="ประธาน", agency=agency)
    meetings.add_part(MeetingSession, by=staff, meeting=row, title_th="ช่วงที่หนึ่ง")
    meetings.add_part(MeetingPoint, by=staff, meeting=row, text_th="ประเด็น", country="KR")
    item = meetings.add_part(AgendaItem, by=staff, meeting=row, title_th="วาระ")
    meetings.add_part(AgendaItem, by=staff, meeting=row, title_th="วาระย่อย", parent=item)
    said = meetings.add_part(Resolution, by=staff, meeting=row, text_th="มติ", item=item, concerns=[agency])
    meetings.add_part(Assignment, by=staff, meeting=row, text_th="ทำแผน", agency=agency, resolution=said)
    return row


def test_a_meeting_is_read_by_its_key_with_all_that_it_holds(
    call: Any, meeting: Any, agency: Any, project: Any
) -> None:
    named = {"key": agency.key, "name_th": agency.name_th, "name_en": ""}
    found = call().get(f"/api/v1/meetings/{meeting.key}/").json()
    assert found["hosts"] == [named]
    assert found["projects"] == [project.code]
    assert found["people"] == [
        {
            "name_th": "คนหนึ่ง",
            "name_en": "",
            "role_th": "ประธาน",
            "role_en": "",
            "also_written": "",
            "agency": named,
            "part": "observer",
            "presence": "",
            "demo": False,
        }
    ]
    assert [(row["title_th"], row["day"], row["speakers"]) for row in found["sessions"]] == [("ช่วงที่หนึ่ง", None, [])]
    assert found["points"] == [{"session": None, "country": "KR", "text_th": "ประเด็น", "text_en": "", "demo": False}]
    first, second = found["agenda"]
    assert (first["number"], first["parent"], second["number"], second["parent"]) == ("1", None, "1.1", first["id"])
    (resolution,) = first["resolutions"]
    assert (resolution["number"], resolution["text_th"], resolution["concerns"]) == ("1.2", "มติ", [named])
    assert found["assignments"] == f"{HOST}/api/v1/assignments/?meeting={meeting.key}"
    assert found["url"] == f"{HOST}/meetings/{meeting.key}/"
    assert found["starts_on"] == "2019-01-11"
    listed = call().get("/api/v1/meetings/").json()["results"][0]
    assert {*found} - {*listed} == {"agenda", "people", "sessions", "points"}


def test_an_assignment_names_who_is_asked_and_links_to_its_meeting(call: Any, meeting: Any, agency: Any) -> None:
    row = Assignment.objects.get()
    assert call().get(f"/api/v1/assignments/{row.pk}/").json() == {
        "id": row.pk,
        "meeting": meeting.key,
        "resolution": {"id": row.resolution_id, "number": "1.2"},
        "agency": {"key": agency.key, "name_th": agency.name_th, "name_en": ""},
        "partners": [],
        "text_th": "ทำแผน",
        "text_en": "",
        "projects": [],
        "starts_on": None,
        "due_on": None,
        "state": "open",
        "answers": [],
        "closed_at": None,
        "closed_in": None,
        "came_back_to": [],
        "steps": [],
        "demo": False,
        "url": f"{HOST}/meetings/{meeting.key}/",
    }
    assert call().get(f"/api/v1/assignments/?meeting={meeting.key}").json()["count"] == 1


def test_the_short_lists_are_read_by_their_names(call: Any, staff: Any) -> None:
    records.add(Lab, by=staff, key="future", name_th="การสำรวจอนาคต", name_en="Future Lab")
    row = {
        "key": "future",
        "name_th": "การสำรวจอนาคต",
        "name_en": "Future Lab",
        "about_th": "",
        "about_en": "",
        "sources": [],
        "demo": False,
    }
    assert call().get("/api/v1/lookups/labs/").json()["results"] == [row]
    assert call().get("/api/v1/lookups/labs/future/").json() == row
    for table in ("fields", "facets", "types", "series"):
        assert call().get(f"/api/v1/lookups/{table}/").json()["results"] == []
    assert call().get("/api/v1/lookups/people/").status_code == 404


def test_search_finds_a_project_by_a_piece_of_thai(call: Any, staff: Any, agency: Any) -> None:
    factories.make_project(staff, owner=agency, code="GL2562-7", title_th="บริการล่ามแรงงาน", title_en="Interpreters")
    factories.make_project(staff, owner=agency, published=False, title_th="ล่ามลับ")
    expected = {"kind": "project", "id": "GL2562-7", "title_th": "บริการล่ามแรงงาน", "title_en": "Interpreters"}
    (found,) = call().get("/api/v1/search/", {"q": "ล่าม"}).json()["results"]
    assert {name: found[name] for name in expected} == expected
    assert found["url"] == f"{HOST}/projects/GL2562-7/"
    assert len(call(staff).get("/api/v1/search/", {"q": "ล่าม"}).json()["results"]) == 2
    for q in ("", "\0", "ก" * 10_000, "ไม่มีที่ไหน", "%_'\""):
        assert call().get("/api/v1/search/", {"q": q}).json() == {"results": []}


def test_the_language_of_addresses_follows_accept_language(call: Any, project: Any) -> None:
    path = f"/api/v1/projects/{project.code}/"
    assert call().get(path).json()["url"] == f"{HOST}/projects/{project.code}/"
    assert call().get(path, headers={"accept-language": "en"}).json()["url"] == f"{HOST}/en/projects/{project.code}/"


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("agencies", 3),
        ("sources", 2),
        ("cohorts", 4),
        ("projects", 3),
        ("indicators", 3),
        ("innovations", 5),
        ("meetings", 5),
        ("assignments", 5),  # nobody without a token sees an answer, so none is asked for
        ("updates", 4),
        ("lookups/labs", 3),
    ],
)
def test_a_list_costs_the_same_for_one_row_and_for_three(
    path: str, queries: int, call: Any, staff: Any, agency: Any, source: Any, django_assert_num_queries: Any
) -> None:
    def one_more(n: int) -> None:
        body = factories.make_agency(staff, sources=[source])
        project = factories.make_project(staff, owner=body, year=2560 + n, sources=[source])
        projects.add_part(project, by=staff, agency=agency, part="partner")
        indicator = make_indicator(staff, project)
        factories.make_update(
            factories.make_member(body), project, "approved", staff, readings={indicator: Measure(Decimal(n))}
        )
        factories.make_innovation(staff, project=project, agency=body, sources=[source])
        meeting = factories.make_meeting(staff, hosts=[body], projects=[project], sources=[source])
        meetings.add_part(Assignment, by=staff, meeting=meeting, text_th="ทำ", agency=body, partners=[agency])
        records.add(Lab, by=staff, key=f"lab-{n}", name_th="ก", sources=[source])

    counts = []
    for n in (1, 2, 3):
        one_more(n)
        if n in (1, 3):
            with django_assert_num_queries(queries):
                counts.append(call().get(f"/api/v1/{path}/").json()["count"])
    assert counts[0] >= 1
    assert counts[1] > counts[0] or path == "sources"


@pytest.mark.parametrize(("path", "queries"), [("updates", 6), ("assignments", 8), ("projects", 4)])
@pytest.mark.parametrize("who", ["reporter", "staff"])
def test_a_list_with_a_token_costs_a_few_queries_more(
    path: str,
    queries: int,
    who: str,
    call: Any,
    staff: Any,
    reporter: Any,
    agency: Any,
    request: Any,
    django_assert_num_queries: Any,
) -> None:
    api = call(request.getfixturevalue(who))
    api.get("/api/v1/agencies/")  # notes that the token was used
    for n in (1, 2, 3):
        project = factories.make_project(staff, owner=agency, year=2560 + n)
        factories.make_update(reporter, project, "submitted")
        meeting = factories.make_meeting(staff)
        meetings.add_part(Assignment, by=staff, meeting=meeting, text_th="ทำ", agency=agency)
        if n in (1, 3):
            with django_assert_num_queries(queries):
                assert api.get(f"/api/v1/{path}/").json()["count"] == n


def test_lists_come_in_pages_and_a_page_that_is_not_there_is_a_400(call: Any, staff: Any) -> None:
    for year in (2560, 2561, 2562):
        factories.make_cohort(staff, year)
    found = call().get("/api/v1/cohorts/?page_size=2").json()
    assert (found["count"], [row["year"] for row in found["results"]]) == (3, [2562, 2561])
    assert found["next"] == f"{HOST}/api/v1/cohorts/?page=2&page_size=2"
    for page in ("99999", "x", "-1", "0", "9" * 5000, "1e400", "\0"):
        answer = call().get("/api/v1/cohorts/", {"page": page})
        assert (answer.status_code, sorted(errors_of(answer))) == (400, ["page"])


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("projects", "cohort", "2999"),
        ("projects", "stage", "9"),
        ("projects", "field", "nowhere"),
        ("projects", "agency", "nowhere"),
        ("projects", "type", "\0"),
        ("projects", "order", "password"),
        ("projects", "q", "ก" * 5000),
        ("meetings", "kind", "party"),
        ("meetings", "year", "x"),
        ("innovations", "country", "XX"),
        ("agencies", "kind", "secret"),
        ("updates", "project", "GL2562-999"),
        ("updates", "agency", "nowhere"),
        ("updates", "stage", "7"),
        ("updates", "state", "lost"),
        ("assignments", "meeting", "nowhere"),
        ("assignments", "agency", "\0"),
        ("assignments", "state", "1"),
        ("indicators", "project", "\0"),
    ],
)
def test_an_unknown_filter_value_is_a_400_with_the_field(
    path: str, field: str, value: str, call: Any, project: Any
) -> None:
    answer = call().get(f"/api/v1/{path}/", {field: value})
    assert (answer.status_code, sorted(errors_of(answer))) == (400, [field])


def test_lists_are_filtered_as_on_the_pages(
    call: Any, staff: Any, agency: Any, other_agency: Any, reporter: Any
) -> None:
    one = factories.make_project(staff, owner=agency, year=2561)
    two = factories.make_project(staff, owner=other_agency, year=2562)
    factories.make_update(reporter, one, "approved", staff)

    def codes(query: str) -> list[str]:
        return [row["code"] for row in call().get(f"/api/v1/projects/?{query}").json()["results"]]

    assert codes("cohort=2561") == [one.code]
    assert codes(f"agency={other_agency.key}") == [two.code]
    assert codes("stage=2") == [one.code]
    assert codes("order=-code") == [two.code, one.code]
    assert codes("cohort=") == codes("")
    count = {
        name: call().get(f"/api/v1/updates/?project={row.code}").json()["count"]
        for name, row in (("one", one), ("two", two))
    }
    assert count == {"one": 1, "two": 0}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing/",
        "/api/v1/projects/GL2562-999/",
        "/api/v1/updates/x/",
        "/api/v1/cohorts/-1/",
        "/api/v1/updates/99999999999999999999999/",
        "/api/v1/projects/%00/",
        "/api/v1/cohorts/1e400/",
    ],
)
def test_what_is_not_there_is_a_404_in_json(path: str, call: Any, db: None) -> None:
    answer = call().get(path)
    assert (answer.status_code, problem_of(answer)["detail"]) == (404, str(NOTHING))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_what_is_read_only_cannot_be_written(method: str, call: Any, staff: Any, project: Any) -> None:
    for path in ("search/", "deletions/"):
        assert getattr(call(staff), method)(f"/api/v1/{path}").status_code == 405
    assert call(staff).put(f"/api/v1/projects/{project.code}/").status_code == 405
    assert call().options("/api/v1/projects/").status_code == 405


def test_who_asks_too_often_waits(call: Any, settings: Any, reporter: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    visitor, other = call(), call(reporter)
    assert [visitor.get("/api/v1/cohorts/").status_code for _ in range(3)] == [200, 200, 429]
    forged = visitor.get("/api/v1/cohorts/", headers={"x-forwarded-for": "10.0.0.1"})
    assert (forged.status_code, int(forged["Retry-After"]) > 0) == (429, True)
    assert other.get("/api/v1/cohorts/").status_code == 200
