"""Lists and charts to take along: the rows of the page, all of them, in its order, and never another person's."""

import csv
import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from projects.exchange import taking
from projects.exchange.lists import PROJECT_LIST
from projects.models import Project
from projects.rules import ratings
from projects.rules.readings import Measure
from tests import factories
from tests.test_doors import address, routes
from tests.world import CANARY, make_world

pytestmark = pytest.mark.django_db


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def rows_of(answer: Any) -> list[dict[str, str]]:
    """The rows of a CSV file by their headings."""
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = content(answer).decode()
    assert text[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(text[1:])))


def sheet_of(answer: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content(answer))).worksheets


# --- what every file is ----------------------------------------------------------------------------------------------
def test_a_file_is_saved_under_the_name_of_its_list_and_day_and_never_shown(client, staff, settings):
    factories.make_project(staff)
    answer = client.get("/projects/?as=csv")
    day = timezone.localdate()
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename*=utf-8''%E0%B9%82%E0%B8%84%E0%B8%A3%E0%B8%87%E0%B8%81%E0%B8%B2%E0%B8%A3%20"
        f"{day.year + 543}-{day:%m-%d}.csv"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    answer = client.get("/en/projects/?as=xlsx")
    assert content(answer)[:2] == b"PK"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="Projects {day:%Y-%m-%d}.xlsx"'


def test_a_private_file_is_kept_by_nobody(sign_in, staff):
    answer = sign_in(staff).get("/desk/projects/?as=csv")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_ending_that_no_file_has_and_a_list_that_is_not_there_are_not_found(client, staff):
    factories.make_project(staff)
    found = {query: client.get(f"/projects/?{query}").status_code for query in ("as=pdf", "as=csv&of=nothing", "of=x")}
    assert found == {"as=pdf": 404, "as=csv&of=nothing": 404, "of=x": 200}


def test_the_links_keep_the_filter_and_drop_the_page(client, staff):
    factories.make_project(staff, title_th="ไกด์")
    page = client.get("/projects/?q=ไกด์&page=1").text
    assert 'href="?q=%E0%B9%84%E0%B8%81%E0%B8%94%E0%B9%8C&amp;as=csv"' in page
    assert 'href="?q=%E0%B9%84%E0%B8%81%E0%B8%94%E0%B9%8C&amp;as=xlsx"' in page


def test_an_empty_list_offers_nothing(client):
    assert "as=csv" not in client.get("/projects/").text


def test_text_is_no_formula_and_a_day_is_a_day(client, staff):
    factories.make_meeting(staff, title_th="=HYPERLINK(1)", starts_on=date(2019, 1, 11))
    sheet = sheet_of(client.get("/meetings/?as=xlsx"))[0]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, sheet[2], strict=True))
    assert (row["การประชุม"].value, row["การประชุม"].data_type) == ("=HYPERLINK(1)", "s")
    assert row["วันแรก"].value.date() == date(2019, 1, 11)
    told = rows_of(client.get("/meetings/?as=csv"))
    assert [(each["การประชุม"], each["วันแรก"]) for each in told] == [("'=HYPERLINK(1)", "11 ม.ค. 2562")]
    told = rows_of(client.get("/en/meetings/?as=csv"))
    assert [(each["Meeting"], each["First day"]) for each in told] == [("'=HYPERLINK(1)", "11 Jan 2019")]


def test_a_list_longer_than_excel_takes_says_so_and_offers_csv(monkeypatch, client, staff):
    for _n in range(3):
        factories.make_project(staff)
    monkeypatch.setattr(taking, "CELLS", 2 * len(PROJECT_LIST.columns))
    sheets = sheet_of(client.get("/en/projects/?as=xlsx"))
    assert [(sheet.title, sheet.max_row) for sheet in sheets] == [("Projects", 3), ("Not everything is here", 2)]
    assert len(rows_of(client.get("/en/projects/?as=csv"))) == 3
    page = client.get("/en/projects/").text
    assert "Excel takes 2 rows of this list" in page
    assert "as=xlsx" not in page.partition("<main")[2].partition("Excel takes 2 rows")[0].rpartition("Download")[2]


def test_a_file_is_made_in_the_language_of_its_page_however_late_it_is_read(staff):
    """The lines are read when the request is long over, in whatever language is active then."""
    factories.make_project(staff)
    request = RequestFactory().get("/", {"as": "csv"})
    rows = Project.objects.order_by("code")
    answer: Any = taking.take(request, PROJECT_LIST, rows)
    with override("en"):
        assert content(answer).decode().startswith("\ufeffรหัส,")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_file_costs_the_same_however_many_rows(client, staff, agency, rows):
    for _n in range(rows):
        factories.make_project(staff, owner=agency)
    with CaptureQueriesContext(connection) as asked:
        assert len(rows_of(client.get("/projects/?as=csv"))) == rows
    assert len(asked) == 8


# --- the rows of the page --------------------------------------------------------------------------------------------
def test_the_file_has_all_pages_in_the_order_of_the_filter(client, staff):
    for n in range(45):
        factories.make_project(staff, title_th=f"{'ไกด์' if n % 2 else 'น้ำ'} {n}")
    wanted = []
    for number in (1, 2):
        page = client.get(f"/projects/?q=ไกด์&order=-code&page={number}")
        wanted += [row.project.code for row in page.context["rows"]]
    assert len(wanted) == 22
    assert [row["รหัส"] for row in rows_of(client.get("/projects/?q=ไกด์&order=-code&as=csv"))] == wanted


def test_the_map_the_facets_and_the_stages_of_a_cohort_are_files_too(client, staff, agency):
    project = factories.make_project(staff, owner=agency, field=factories.make_field(staff, "การศึกษา"))
    told = rows_of(client.get("/en/projects/map/?rows=field&columns=cohort&as=csv"))
    assert told == [
        {"Field of service": "การศึกษา", "2019": "1", "In all": "1"},
        {"Field of service": "In all", "2019": "1", "In all": "1"},
    ]
    told = rows_of(client.get("/en/projects/?as=csv&of=facets"))
    assert {"Filter": "Field of service", "Choice": "การศึกษา", "How many": "1"} in told
    told = rows_of(client.get(f"/en/cohorts/{project.cohort.year}/?as=csv&of=stages"))
    assert [(row["Stage"], row["How many"]) for row in told if row["How many"] != "0"] == [("No data yet", "1")]


def test_the_chart_of_an_indicator_is_a_file(client, staff, agency, reporter, project):
    indicator = factories.make_indicator(staff, project, name_th="โรงเรียน")
    other = factories.make_indicator(staff, project)
    measured = {indicator: Measure(5, "", False), other: Measure(7, "", False)}
    factories.make_update(reporter, project, "approved", staff, readings=measured)
    told = rows_of(client.get(f"/en/projects/{project.code}/?as=csv&of=indicator-{indicator.pk}"))
    assert [(row["Indicator"], row["What the number is"], row["Date"], row["Value"]) for row in told] == [
        ("โรงเรียน", "Baseline", "", "0"),
        ("โรงเรียน", "Reading", "30 Jun 2019", "5"),
        ("โรงเรียน", "Target", "", "12"),
    ]


def test_the_stars_of_a_project_are_a_file(client, project):
    for visitor, stars in enumerate((5, 4, 4)):
        ratings.rate(project, visitor=str(visitor) * 64, stars=stars, comment="")
    told = rows_of(client.get(f"/en/projects/{project.code}/?as=csv&of=stars"))
    assert [(row["Stars"], row["How many"]) for row in told] == [
        ("5", "1"),
        ("4", "2"),
        ("3", "0"),
        ("2", "0"),
        ("1", "0"),
    ]


def test_the_public_ledger_has_a_line_for_each_thing_asked(client, staff, agency, reporter):
    make_world(staff, agency, reporter)
    page = client.get("/en/resolutions/")
    told = rows_of(client.get("/en/resolutions/?as=csv"))
    assert len(told) == sum(max(1, len(d.asked)) for m in page.context["rows"] for d in m.decided) + sum(
        len(m.asked) for m in page.context["rows"]
    )
    assert [(row["Resolution"], row["What is asked"]) for row in told] == [
        ("", "งานเดิม"),
        ("เห็นชอบ", "รวบรวมบทเรียน"),
    ]


PAGES = {
    "visitor": "projects agencies meetings innovations resolutions calls cohorts news projects/map",
    "staff": "desk/projects desk/updates desk/rounds desk/late desk/resolutions desk/ratings desk/voices desk/proposals"
    " desk/meetings desk/innovations desk/calls desk/agencies desk/cohorts desk/series desk/synonyms desk/lists/fields",
    "reporter": "workspace/projects workspace/assignments workspace/asked workspace/calls",
}


@pytest.mark.parametrize("who", PAGES)
def test_every_list_and_chart_is_offered_on_its_page(who, request, client, staff, agency, reporter):
    world = make_world(staff, agency, reporter)
    factories.make_voice(world.call)
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    pages = {path: client.get(f"/{path}/") for path in PAGES[who].split()}
    full = {path for path, page in pages.items() if "as=csv" in page.text and "as=xlsx" in page.text}
    assert pages.keys() - full == ({"desk/late"} if who == "staff" else set())  # nobody is late in this world


# --- for each kind of person -----------------------------------------------------------------------------------------
def text_of(answer: Any) -> str:
    """All that a file says, CSV or Excel."""
    made = content(answer)
    if made[:2] != b"PK":
        return made.decode()
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        return "".join(package.read(name).decode(errors="replace") for name in package.namelist())


def everything_offered(client: Any, world: Any) -> dict[str, str]:
    """What every list and chart says that this person is offered on any page, by its address."""
    found = {}
    for name, words in routes().items():
        if name.startswith("api:"):
            continue
        page = client.get(address(name, words, world))
        content(page)  # read to its end, a file is closed
        for of in getattr(page.wsgi_request, "offers", {}):
            for ending in ("csv", "xlsx"):
                url = f"{page.wsgi_request.path}?as={ending}&of={of}"
                answer = client.get(url)
                assert answer.headers["Content-Disposition"].startswith("attachment"), url
                found[url] = text_of(answer)
    return found


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_no_file_holds_what_is_private_to_another_agency(who, request, client, staff, agency, reporter):
    world = make_world(staff, agency, reporter)
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    found = everything_offered(client, world)
    assert len(found) >= 20
    assert [url for url, text in found.items() if CANARY in text] == []


def test_no_file_of_the_desk_or_the_agency_tells_how_to_reach_anybody(client, staff, agency, reporter):
    for person, name in ((staff, "นางสาวหนึ่งเดียว"), (reporter, "นายสองคน")):
        person.name = name
        person.save()
    world = make_world(staff, agency, reporter)
    for person in (staff, reporter):
        client.force_login(person)
        found = everything_offered(client, world)
        assert len(found) >= 30
        for told in ("@canary.test", "@govlab.test", staff.name, reporter.name):
            assert [url for url, text in found.items() if told in text] == [], told


def test_the_private_words_would_be_found_if_they_were_there(client, staff, agency, reporter):
    """The canary stands in what staff see: the test above looks in the right place."""
    world = make_world(staff, agency, reporter)
    client.force_login(staff)
    assert any(CANARY in text for text in everything_offered(client, world).values())


def test_an_agency_takes_along_its_own_drafts_and_no_others(sign_in, staff, agency, reporter, stranger, other_agency):
    project = factories.make_project(staff, owner=agency, published=False, title_th="ของเรา")
    factories.make_project(staff, owner=other_agency, published=False, title_th="ของเขา")
    told = rows_of(sign_in(reporter).get("/workspace/projects/?as=csv"))
    assert [row["รหัส"] for row in told] == [project.code]


def test_everything_found_of_a_kind_is_a_file_and_nothing_unseen(client, staff):
    found = [factories.make_project(staff, title_th=f"มัคคุเทศก์ {n}") for n in range(23)]
    factories.make_project(staff, title_th="มัคคุเทศก์ ลับ", published=False)
    page = client.get("/search/?q=มัคคุเทศก์&kind=project")
    told = rows_of(client.get("/search/?q=มัคคุเทศก์&kind=project&as=csv"))
    assert {row["รหัส"] for row in told} == {project.code for project in found}
    assert [row["รหัส"] for row in told][:20] == [hit.id for hit in page.context["group"].hits]
    assert rows_of(client.get("/search/?q=ไม่มีเลยสักคำ&kind=project&as=csv")) == []


def test_news_are_a_file_as_they_stand_on_their_page(client, staff, agency, reporter):
    make_world(staff, agency, reporter)
    page = client.get("/news/")
    shown = [(entry.title, entry.url) for _month, entries in page.context["months"] for entry in entries]
    told = rows_of(client.get("/news/?as=csv"))
    assert [(row["หัวข้อ"], row["ที่อยู่"]) for row in told] == shown


def test_an_entry_that_is_public_before_its_project_does_not_name_it(client, staff):
    project = factories.make_project(staff, published=False, title_th="ยังลับ")
    factories.make_innovation(staff, project=project)
    (row,) = rows_of(client.get("/innovations/?as=csv"))
    assert [value for value in row.values() if project.code in value or "ยังลับ" in value] == []


@pytest.mark.parametrize("page", ["project", "update", "round", "meeting", "innovation", "call", "agency"])
def test_a_list_of_the_desk_has_as_many_rows_as_its_page_counts(page, client, staff, agency, reporter):
    make_world(staff, agency, reporter)
    client.force_login(staff)
    shown = client.get(reverse(f"desk:{page}-list"))
    name = "desk:agency-rows" if page == "agency" else f"desk:{page}-list"
    assert len(rows_of(client.get(reverse(name) + "?as=csv"))) == shown.context["page_obj"].paginator.count > 0


def test_the_desk_filters_its_files_as_its_pages(client, staff, agency):
    late = factories.make_project(staff, published=False)
    factories.make_project(staff)
    client.force_login(staff)
    told = rows_of(client.get("/en/desk/projects/?state=draft&as=csv"))
    assert [(row["Code"], row["Visibility"]) for row in told] == [(late.code, "Draft")]


def test_the_file_of_agencies_is_only_a_file(sign_in, staff, agency):
    assert sign_in(staff).get("/desk/agency-rows/").status_code == 404
