"""What lists may be asked: words, orders, single fields, records beside them, pages and a walk; answers have ETags."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from agencies.api.doors import RecordDoor
from agencies.models import Membership, Source
from agencies.rules import records
from govlab import counting, pages
from govlab.files import Attached
from govlab.history import keep
from govlab.walking import cursor_of
from projects.api.projects import ProjectSerializer
from projects.models import (
    AgendaItem,
    Assignment,
    Facet,
    Indicator,
    InnovationType,
    Lab,
    MeetingSeries,
    Project,
    Resolution,
    Round,
    ScheduleException,
    SeriesMember,
)
from projects.rules import links, meetings, papers, projects, publishing, ratings, series, stages, themes
from projects.rules.readings import Measure
from tests import factories
from tests.api import year
from tests.api.problems import errors_of

PROJECTS = "/api/v1/projects/"
LISTS = {
    "agencies": "key",
    "sources": "key",
    "cohorts": "year",
    "lookups/labs": "key",
    "projects": "code",
    "innovations": "id",
    "meetings": "key",
    "indicators": "id",
    "updates": "id",
    "resolutions": "id",
    "assignments": "id",
}


@pytest.fixture
def many(staff: Any, agency: Any, other_agency: Any) -> list[Project]:
    """Three projects with everything that a project may have, in different orders."""
    lists: dict[str, Any] = {"types": [], "labs": [], "facets": [], "sources": []}
    for n in (2, 1):
        names = {"name_th": f"ก{n}", "name_en": f"A{n}"}
        lists["types"].append(records.add(InnovationType, by=staff, key=f"t{n}", position=n, **names))
        lists["labs"].append(records.add(Lab, by=staff, key=f"l{n}", position=n, **names))
        lists["facets"].append(records.add(Facet, by=staff, key=f"f{n}", position=n, **names))
        told = {"title_th": "ข่าว", "publisher_th": "สวท.", "url": f"https://example.go.th/{n}"}
        lists["sources"].append(records.add(Source, by=staff, key=f"00{n}", **told))
    field = factories.make_field(staff)
    made = []
    for n in (1, 2, 3):
        more = lists if n == 1 else {}
        project = factories.make_project(
            staff, owner=agency, code=f"GL2562-{n}", field=field if n < 3 else None, **more
        )
        stage = project.stages.get(number=n)
        stages.edit(stage, by=staff, version=stage.version, state="in_progress", actual_start="2019-01-11")
        made.append(project)

    projects.add_part(made[0], by=staff, agency=other_agency, part="partner")
    return made


@pytest.mark.parametrize("who", ["visitor", "reporter", "staff"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_quick_way_says_what_the_serializer_says(
    who: str, language: str, call: Any, many: Any, request: Any, monkeypatch: Any
) -> None:
    publishing.hide(many[1], by=request.getfixturevalue("staff"))
    api = call(None if who == "visitor" else request.getfixturevalue(who))
    said = {"accept-language": language}
    quick = api.get(PROJECTS, headers=said).json()["results"]
    door = "projects.api.projects.Projects"
    monkeypatch.setattr(f"{door}.rows_for", lambda self, wanted: self.get_queryset())
    monkeypatch.setattr(f"{door}.leaf", RecordDoor.leaf)
    monkeypatch.setattr(
        f"{door}.represent", lambda self, rows, wanted: self.get_serializer(many=True).to_representation(rows)
    )
    slow = api.get(PROJECTS, headers=said).json()["results"]
    assert (len(quick), quick) == (2 if who == "visitor" else 3, slow)
    assert {*ProjectSerializer.Meta.fields} - {*quick[0]} == (set() if who == "staff" else {"version"})


def test_a_page_of_projects_takes_three_queries(
    call: Any, staff: Any, agency: Any, django_assert_num_queries: Any
) -> None:
    for n in (1, 2, 3):
        project = factories.make_project(staff, owner=agency, code=f"GL2562-{n}")
        keep(Indicator(project=project), "add", by=staff, name_th="เวลารอ", unit_th="นาที")
        if n in (1, 3):
            with django_assert_num_queries(3):
                assert call().get(PROJECTS).json()["count"] == n
            with django_assert_num_queries(5):
                assert len(call().get(f"{PROJECTS}?include=indicators").json()["results"]) == n


def test_what_was_made_once_takes_one_query_until_something_changes(
    call: Any, staff: Any, agency: Any, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.PAGES_MEMORY = 8
    pages.SHELF.clear()
    counting.COUNTS.clear()
    factories.make_project(staff, owner=agency, code="GL2562-1")
    with django_assert_num_queries(4):
        first = call().get(PROJECTS)
    with django_assert_num_queries(1):
        again = call().get(PROJECTS)
    assert (first.content, first["ETag"]) == (again.content, again["ETag"])
    with django_assert_num_queries(3):  # another page of the same list: how many there are is known
        call().get(f"{PROJECTS}?page_size=20")
    english = call().get(PROJECTS, headers={"accept-language": "en"})
    assert "/en/projects/" in english.json()["results"][0]["url"]
    factories.make_project(staff, owner=agency, code="GL2562-2")
    assert call().get(PROJECTS).json()["count"] == 2
    assert call().get(PROJECTS, headers={"if-none-match": first["ETag"]}).status_code == 200
    counting.COUNTS.clear()
    pages.SHELF.clear()


def test_what_is_for_nobody_but_staff_is_an_empty_list_where_numbers_are_kept_too(
    call: Any, reporter: Any, settings: Any
) -> None:
    settings.PAGES_MEMORY = 8
    for path in ("people", "schedules", "synonyms"):
        answer = call(reporter).get(f"/api/v1/{path}/")
        assert (answer.status_code, answer.json()["count"], answer.json()["results"]) == (200, 0, [])
    counting.COUNTS.clear()


@pytest.mark.parametrize("who", ["visitor", "staff"])
@pytest.mark.parametrize("path", [PROJECTS, f"{PROJECTS}GL2562-1/", "/api/v1/agencies/", "/api/v1/search/?q=ก"])
def test_what_is_still_so_is_not_sent_again(who: str, path: str, call: Any, many: Any, staff: Any) -> None:
    api = call(staff if who == "staff" else None)
    first = api.get(path)
    again = api.get(path, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content, again["ETag"]) == (200, 304, b"", first["ETag"])
    assert api.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_record_is_another_when_a_part_of_it_changed_though_its_version_did_not(
    call: Any, many: Any, staff: Any
) -> None:
    api, path = call(staff), f"{PROJECTS}GL2562-1/"
    before = api.get(path)
    stage = many[0].stages.get(number=4)
    stages.edit(stage, by=staff, version=stage.version, planned_end="2020-01-01")
    after = api.get(path, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, after.json()["version"]) == (200, before.json()["version"])
    assert after["ETag"].split("-")[0] == before["ETag"].split("-")[0]


def test_the_etag_of_a_read_goes_into_if_match(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    api, path = call(reporter), f"/api/v1/updates/{update.pk}/"
    tag = api.get(path)["ETag"]
    assert api.patch(path, {"title": "ใหม่"}, headers={"if-match": tag}).status_code == 200
    assert api.patch(path, {"title": "อีก"}, headers={"if-match": tag}).status_code == 412
    assert api.patch(path, {"title": "อีก"}, headers={"if-match": f"W/{api.get(path)['ETag']}"}).status_code == 200


def test_single_fields_and_what_stands_beside(call: Any, many: Any, staff: Any, reporter: Any) -> None:
    measure = keep(Indicator(project=many[0]), "add", by=staff, name_th="เวลารอ", unit_th="นาที")
    factories.make_update(reporter, many[0], "approved", staff, readings={measure: Measure(7)})
    hidden = factories.make_update(reporter, many[0])
    [row, *_rest] = call().get(f"{PROJECTS}?fields=code,title_th").json()["results"]
    assert row == {"code": "GL2562-1", "title_th": many[0].title_th}
    path = f"{PROJECTS}GL2562-1/?fields=code&include=stages,indicators,updates"
    one = call().get(path).json()
    assert (sorted(one), one["included"]["indicators"][0]["name_th"]) == (["code", "included", "stages"], "เวลารอ")
    assert one["included"]["indicators"] == [call().get(f"/api/v1/indicators/{measure.pk}/").json()]
    assert [update["id"] for update in one["included"]["updates"]] != [hidden.pk]
    assert len(call(reporter).get(path).json()["included"]["updates"]) == 2
    listed = call().get(f"{PROJECTS}?include=indicators").json()["results"]
    assert [len(row["included"]["indicators"]) for row in listed] == [1, 0, 0]
    assert len(call().get(f"{PROJECTS}?include=indicators&page_size=200").json()["results"]) == 3


def _project(staff: Any, agency: Any) -> None:
    project = factories.make_project(staff, owner=agency)
    for _ in range(2):
        factories.make_indicator(staff, project)
        factories.make_innovation(staff, project=project)
        factories.make_update(factories.make_member(agency), project, "approved", staff)
        _call(staff, agency, project)
        rating = ratings.rate(project, visitor=f"{project.ratings.count()}", stars=4, comment="ดี")
        ratings.show(rating, by=staff)


def _call(staff: Any, agency: Any, project: Any = None) -> None:
    call = factories.make_call(staff, project or factories.make_project(staff, owner=agency))
    for _ in range(2):
        voice = factories.make_voice(call, "shown", staff)
        themes.add(call, by=staff, title_th="รอนาน", voices=[voice])


def _meeting(staff: Any, agency: Any) -> None:
    meeting = factories.make_meeting(staff)
    for _ in range(2):
        item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่อง")
        said = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="เห็นชอบ", concerns=[agency])
        plan = {"meeting": meeting, "resolution": said, "agency": agency, "partners": [agency]}
        meetings.add_part(Assignment, by=staff, text_th="ทำ", **plan)


def _assignment(staff: Any, agency: Any) -> None:
    body = series.add(by=staff, key=f"body-{MeetingSeries.objects.count()}", name_th="อ.ก.พ.ร.")
    today = timezone.localdate()
    first, _next = (meetings.add(by=staff, series=body, starts_on=today - dt.timedelta(days=n)) for n in (9, 0))
    meetings.add_part(AgendaItem, by=staff, meeting=_next, title_th="สืบเนื่อง", kind="arising")
    meetings.add_part(Assignment, by=staff, meeting=first, text_th="ทำ", agency=agency, partners=[])


def _round(staff: Any, agency: Any) -> None:
    year = 2550 + Round.objects.count()
    for _ in range(2):
        factories.make_project(staff, owner=agency, year=year)
    made = factories.make_round(staff, year=year)
    project = made.reports.first().project
    records.add(ScheduleException, by=staff, schedule=made.schedule, project=project, reason="เล็ก")


def _update(staff: Any, agency: Any) -> None:
    person = factories.make_member(agency)
    update = factories.make_update(person, factories.make_project(staff, owner=agency))
    for name in ("ก", "ข"):
        links.make(update, by=person, name=name, ends_on=timezone.localdate())


def _agency(staff: Any, agency: Any) -> None:
    other = factories.make_agency(staff)
    for _ in range(2):
        factories.make_member(other)


def _series(staff: Any, agency: Any) -> None:
    body = series.add(by=staff, key=f"body-{MeetingSeries.objects.count()}", name_th="อ.ก.พ.ร.")
    for name in ("ก", "ข"):
        series.add_part(SeriesMember, by=staff, series=body, name_th=name, agency=agency)


TOGETHER = {
    "agencies": _agency,
    "assignments": _assignment,
    "calls": _call,
    "meetings": _meeting,
    "projects": _project,
    "rounds": _round,
    "schedules": _round,
    "series": _series,
    "updates": _update,
}


@pytest.mark.parametrize("path", TOGETHER)
def test_what_comes_along_reads_as_in_its_own_list_and_costs_the_same_for_two_and_for_ten(
    path: str, call: Any, staff: Any, reporter: Any, agency: Any, django_assert_num_queries: Any
) -> None:
    names, make = [*year.lists()[path].beside], TOGETHER[path]
    url = f"/api/v1/{path}/?include={','.join(names)}&page_size=50"
    counts = []
    for n in range(1, 11):
        make(staff, agency)
        if n in (2, 10):
            asked = []
            for api in (call(staff), call(reporter)):
                api.get(url)  # what a process asks once, it has asked
                with CaptureQueriesContext(connection) as queries:
                    answer = api.get(url)
                assert answer.status_code == 200
                asked.append(len(queries))
            counts.append(asked)
    assert counts[0] == counts[1]
    along: set[str] = set()
    for person in (None, reporter, staff):
        api = call(person)
        answer = api.get(url)
        if answer.status_code == 401:
            continue
        for name in names:
            own = {str(row["id"]): row for row in api.get(f"/api/v1/{name}/?page_size=200").json().get("results", [])}
            near = [each for row in answer.json()["results"] for each in row["included"][name]]
            assert near == [own[str(each["id"])] for each in near]
            along |= {name} if near else set()
    assert along == {*names}


def test_what_comes_along_is_as_closed_as_its_own_list(call: Any, staff: Any, agency: Any, stranger: Any) -> None:
    _agency(staff, agency)
    _round(staff, agency)
    _series(staff, agency)
    _update(staff, agency)
    asked = {"agencies": "memberships", "series": "series-members,standing-items", "updates": "links"}
    for path, names in asked.items():
        for person in (None, stranger):
            rows = call(person).get(f"/api/v1/{path}/?include={names}").json()["results"]
            came = [each for row in rows for name in names.split(",") for each in row["included"][name]]
            own = Membership.objects.filter(user=stranger).values_list("id", flat=True) if person else []
            assert [each["id"] for each in came] == (list(own) if path == "agencies" else [])


@pytest.mark.parametrize("path", year.lists())
def test_no_list_that_brings_others_along_is_left_out(path: str) -> None:
    assert bool(year.lists()[path].beside) == (path in TOGETHER)


@pytest.mark.parametrize(
    ("field", "value"), [("fields", "password"), ("fields", "code,version2"), ("include", "owner")]
)
def test_what_is_no_field_is_refused_with_what_there_is(field: str, value: str, call: Any, project: Any) -> None:
    for path in (PROJECTS, f"{PROJECTS}{project.code}/", "/api/v1/meetings/"):
        answer = call().get(path, {field: value})
        assert (answer.status_code, list(errors_of(answer))) == (400, [field])


def test_what_nobody_asked_for_is_not_read(call: Any, many: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        call().get(f"{PROJECTS}?fields=code")
    with django_assert_num_queries(2):
        call().get("/api/v1/cohorts/?fields=year")


def test_a_private_field_cannot_be_asked_for(call: Any, reporter: Any, staff: Any, project: Any) -> None:
    factories.make_update(reporter, project, "approved", staff)
    [row] = call().get("/api/v1/updates/?fields=id,obstacles,version").json()["results"]
    assert list(row) == ["id"]


@pytest.mark.parametrize(("path", "key"), LISTS.items())
def test_every_list_is_ordered_searched_and_walked(path: str, key: str, call: Any, many: Any) -> None:
    url = f"/api/v1/{path}/"
    up = [row[key] for row in call().get(url, {"order": key}).json()["results"]]
    down = [row[key] for row in call().get(url, {"order": f"-{key}"}).json()["results"]]
    assert up == down[::-1]
    assert call().get(url, {"order": "updated"}).status_code == 200
    assert call().get(url, {"q": "ไม่มีคำนี้เลย"}).json()["results"] == []
    for name, value in (("order", "password"), ("q", "ก" * 5000), ("q", "\0"), ("cursor", "!"), ("cursor", "MDE")):
        assert list(errors_of(call().get(url, {name: value}))) == [name], value


def test_files_are_walked_though_their_numbers_are_no_small_ones(call: Any, staff: Any) -> None:
    item = meetings.add_part(AgendaItem, by=staff, meeting=factories.make_meeting(staff), title_th="เรื่อง", shown=3)
    files = [Attached(f"{n}.pdf", "pdf", 9, f"{n}" * 64) for n in (1, 2, 3)]
    made = [str(paper.pk) for paper in papers.attach(item, by=staff, files=files)]
    answer = call().get("/api/v1/papers/", {"cursor": "", "page_size": "1"}).json()
    seen = [row["id"] for row in answer["results"]]
    while answer["next"]:
        answer = call().get(answer["next"]).json()
        seen += [row["id"] for row in answer["results"]]
    assert seen == made
    for wrong in ((2**57, 1), (1, 2**128), (1,), (1, 2, 3)):
        assert list(errors_of(call().get("/api/v1/papers/", {"cursor": cursor_of(*wrong)}))) == ["cursor"]


def test_what_is_added_during_a_walk_comes_last_though_its_number_is_drawn_by_lot(
    call: Any, reporter: Any, project: Any
) -> None:
    made = [factories.make_update(reporter, project).pk for _n in range(6)]
    answer = call(reporter).get("/api/v1/updates/", {"cursor": "", "page_size": "2"}).json()
    seen = [row["id"] for row in answer["results"]]
    made += [factories.make_update(reporter, project).pk for _n in range(4)]
    while answer["next"]:
        answer = call(reporter).get(answer["next"]).json()
        seen += [row["id"] for row in answer["results"]]
    assert seen == made


def test_a_walk_meets_each_once_while_others_are_added(call: Any, staff: Any, agency: Any) -> None:
    made = [factories.make_project(staff, owner=agency, code=f"GL2562-{n}") for n in (5, 4, 3)]
    answer = call().get(PROJECTS, {"cursor": "", "page_size": "2"}).json()
    seen = [row["code"] for row in answer["results"]]
    late = factories.make_project(staff, owner=agency, code="GL2562-1")
    publishing.hide(made[0], by=staff)
    while answer["next"]:
        answer = call().get(answer["next"]).json()
        seen += [row["code"] for row in answer["results"]]
    assert (seen, "count" in answer) == ([row.code for row in (*made, late)], False)
    for name in ("page", "order"):
        assert list(errors_of(call().get(PROJECTS, {"cursor": "", name: "1"}))) == [name]
    assert call().get(PROJECTS, {"cursor": cursor_of(2**62)}).json()["results"] == []


def test_the_desks_filters_work_over_the_api(call: Any, many: Any, staff: Any) -> None:
    publishing.hide(many[0], by=staff)
    asked = {"state": "hidden"}
    assert [row["code"] for row in call(staff).get(PROJECTS, asked).json()["results"]] == ["GL2562-1"]
    assert call().get(PROJECTS, asked).json()["results"] == []
    assert list(errors_of(call().get(PROJECTS, {"late": "perhaps"}))) == ["late"]


def test_visitors_reads_may_be_kept_and_private_ones_not(call: Any, project: Any, reporter: Any) -> None:
    assert call().get(PROJECTS)["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Accept-Language", "Authorization"} <= {name.strip() for name in call().get(PROJECTS)["Vary"].split(",")}
    assert call(reporter).get(PROJECTS)["Cache-Control"] == "private, no-store"
    assert json.loads(call().head(PROJECTS).content or "{}") == {}


def test_a_misspelt_parameter_is_refused_with_what_was_meant_and_never_gives_everything(call: Any, many: Any) -> None:
    with override("en"):
        assert errors_of(call().get(PROJECTS, {"cohrt": "2562"}, headers={"accept-language": "en"})) == {
            "cohrt": ["There is no such parameter here. Did you mean: cohort?"]
        }
    assert list(errors_of(call().get(PROJECTS, {"zzzzzz": "1"}))) == ["zzzzzz"]
    known = {"page": "1", "page_size": "2", "format": "json", "q": "", "fields": "", "include": "", "order": ""}
    assert call().get(PROJECTS, known).status_code == 200
    for name in LISTS:
        assert list(errors_of(call().get(f"/api/v1/{name}/", {"cursr": ""}))) == ["cursr"]


def test_if_match_takes_any_version_by_a_star_and_one_of_several(call: Any, reporter: Any, project: Any) -> None:
    update = factories.make_update(reporter, project)
    api, path = call(reporter), f"/api/v1/updates/{update.pk}/"

    def change(tag: str) -> int:
        status: int = api.patch(path, {"title": f"ใหม่ {tag}"}, headers={"if-match": tag}).status_code
        return status

    version = api.get(path).json()["version"]
    assert change("*") == 200
    assert change(f'"{version}", "{version + 1}"') == 200
    assert change(f'"{version}", "{version + 1}"') == 412
    assert [change(tag) for tag in (f'"{version},{version + 2}"', '"*"', "", ",", "x")] == [412] * 5
    assert change(f'"x",W/"{version + 2}-abc"') == 200
    assert api.patch(path, {"title": "ไม่มี"}).status_code == 428
    assert api.post(f"{path}submit/", headers={"if-match": f'"{version}"'}).status_code == 412
    assert api.post(f"{path}submit/", headers={"if-match": "*"}).status_code == 200


@pytest.mark.parametrize("body", ["null", "[]", '"x"', "1"])
def test_what_is_no_object_is_told_so_in_one_thai_sentence(call: Any, staff: Any, body: str) -> None:
    answer = call(staff).post(PROJECTS, body, content_type="application/json")
    assert answer.status_code == 400
    assert [*errors_of(answer).values()] == [["ต้องส่งข้อมูลเป็นออบเจกต์ JSON"]]


def test_assignments_are_filtered_by_the_meeting_they_were_told_with(
    call: Any, staff: Any, lead: Any, stranger: Any, agency: Any
) -> None:
    meeting = factories.make_meeting(staff, published=False)
    asked = factories.make_assignment(staff, agency, meeting=meeting)
    factories.make_assignment(staff, agency)
    path = "/api/v1/assignments/"
    told = {row["id"]: row["meeting"] for row in call(lead).get(path).json()["results"]}
    assert told[asked.pk] == meeting.key
    found = call(lead).get(path, {"meeting": meeting.key}).json()["results"]
    assert [row["id"] for row in found] == [asked.pk]
    for person in (stranger, None):
        refusals = [call(person).get(path, {"meeting": key}) for key in (meeting.key, "nonsense")]
        said = [answer.content.decode().replace(meeting.key, "nonsense") for answer in refusals]
        assert ([answer.status_code for answer in refusals], said[0]) == ([400, 400], said[1])
    assert list(errors_of(call(lead).get(path, {"meeting": factories.make_meeting(staff).key}))) == ["meeting"]
