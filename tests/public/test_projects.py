"""The public project list and a project's page."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.models import Source
from agencies.rules import records
from govlab.history import keep
from projects.models import Indicator, InnovationType, Meeting, MeetingSeries, Stage
from projects.rules import projects as project_rules
from projects.rules import publishing, reviews, stages, updates
from projects.rules.readings import Measure
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_list_of_an_empty_portal_says_what_will_be_here(client):
    page = client.get("/en/projects/")
    assert page.status_code == 200
    assert "No project yet" in page.text


def test_a_visitor_sees_published_projects_only(client, staff):
    shown = factories.make_project(staff, title_th="เห็นได้")
    factories.make_project(staff, title_th="ยังร่าง", published=False)
    publishing.hide(factories.make_project(staff, title_th="ซ่อนแล้ว"), by=staff)
    page = client.get("/projects/")
    assert [row.project for row in page.context["rows"]] == [shown]
    assert page.context["count"] == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_many_rows(client, staff, agency, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_project(staff, owner=agency)
    with django_assert_num_queries(4):
        page = client.get("/projects/")
    assert len(page.context["rows"]) == rows


def test_an_unknown_filter_value_stands_at_its_field_over_the_whole_list(client, project):
    page = client.get("/en/projects/?stage=nine&cohort=1")
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"cohort", "stage"}
    for value in ("1", "nine"):
        assert page.text.count(f"“{value}” is not in the list. Choose one that is.") == 2  # on top and at the field
    assert page.context["count"] == 1


@pytest.mark.parametrize("number", ["99999", "x", "0", "-1", "1.5", "9" * 5000])
def test_a_page_that_does_not_exist_leads_back_to_page_1(client, project, number):
    page = client.get(f"/en/projects/?cohort=2562&page={number}")
    assert page.status_code == 404
    assert "There is no such page in this list." in page.text
    assert '<a href="?cohort=2562">Begin with page 1</a>' in page.text


def test_twenty_rows_stand_on_a_page(client, staff):
    for _n in range(21):
        factories.make_project(staff)
    first, second = client.get("/projects/"), client.get("/projects/?page=2")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (20, 1)
    assert links(second)["canonical"] == "http://testserver/projects/?page=2"


@pytest.mark.parametrize("text", ["a" * 10_000, "\0", "%", "_", "'", "\ud800".encode("utf-8", "surrogatepass")])
def test_any_words_may_be_typed(client, project, text):
    assert client.get("/projects/", {"q": text}).status_code == 200


def test_a_draft_a_hidden_and_a_missing_project_get_the_same_answer(client, staff):
    draft = factories.make_project(staff, published=False)
    hidden = publishing.hide(factories.make_project(staff), by=staff)
    answers = {
        client.get(f"/projects/{code}/").text.replace(code, "") for code in (draft.code, hidden.code, "GL2562-999")
    }
    assert len(answers) == 1
    assert client.get(f"/projects/{draft.code}/").status_code == 404


def test_staff_see_on_a_public_page_what_a_visitor_sees(sign_in, staff):
    draft = factories.make_project(staff, published=False)
    assert sign_in(staff).get(f"/projects/{draft.code}/").status_code == 404


def test_the_unknown_is_shown_as_unknown(client, staff):
    bare = factories.make_project(staff, title_th="ไม่มีข้อมูลอื่น")
    page = client.get(f"/en/projects/{bare.code}/")
    rail = page.text.split("<aside", 1)[1]
    assert rail.count("No data yet") == 3  # standing, owner, supporters of the cohort
    assert page.context["log"] == []
    assert page.context["indicators"] == []
    assert '<span lang="th">ไม่มีข้อมูลอื่น</span>' in page.text


@pytest.fixture
def full(staff, agency, other_agency, reporter):
    """A project with everything that can stand beside it."""
    kind = records.add(InnovationType, by=staff, key="service", name_th="นวัตกรรมบริการ")
    source = records.add(Source, by=staff, key="s1", title_th="ข่าว ก", published_on=dt.date(2019, 1, 11))
    project = factories.make_project(
        staff, owner=agency, types=[kind], sources=[source], aim_th="เร็วขึ้น", focus_th="คิวรอ"
    )
    project_rules.add_part(project, by=staff, agency=other_agency, part="partner")
    keep(project.cohort, "edit", by=staff, supported_by=[other_agency])
    meeting = factories.make_meeting(staff, title_th="ประชุมเสนอผล")
    keep(meeting, "edit", by=staff, projects=[project])
    indicator = keep(
        Indicator(project=project),
        "add",
        by=staff,
        name_th="เวลารอ",
        unit_th="นาที",
        baseline=95,
        target=30,
        direction="down",
    )
    for month, value in ((2, "84"), (6, "48.5")):
        update = factories.make_update(
            reporter, project, readings={indicator: Measure(Decimal(value))}, happened_on=dt.date(2019, month, 15)
        )
        reviews.approve(updates.submit(update, by=reporter, now=timezone.now()), by=staff)
    return project


def test_a_project_page_shows_what_is_known(client, full):
    page = client.get(f"/en/projects/{full.code}/")
    assert [(on.isoformat(), bool(update)) for on, update, _meeting, _files in page.context["log"]] == [
        ("2019-06-15", True),
        ("2019-02-15", True),
        ("2019-01-11", False),
    ]
    beside = page.context["beside"]
    assert {name: [row.name_th for row in rows] for name, rows in beside.items() if rows} == {
        "owner": ["กรมตัวอย่าง"],
        "partner": ["กรมอื่น"],
        "supporters": ["กรมอื่น"],
        "types": ["นวัตกรรมบริการ"],
        "meetings": ["ประชุมเสนอผล"],
        "sources": ["ข่าว ก"],
    }
    (row,) = page.context["indicators"]
    assert (row["baseline"], row["last"], row["target"]) == ("95", "48.5", "30")
    assert [(dot.label, dot.value) for dot in row["chart"].dots] == [("Feb 19", "84"), ("Jun 19", "48.5")]
    assert [(level.kind, level.label) for level in row["chart"].levels] == [
        ("baseline", "baseline 95"),
        ("target", "target 30"),
    ]
    assert page.context["standing"] == "Stage 2 Reach people's needs"
    assert "Demonstration data" not in page.text


def test_what_an_agency_typed_in_thai_is_marked_on_english_pages_only(client, project, staff, reporter):
    factories.make_update(reporter, project, "approved", staff, title="คุยกับผู้ใช้", text="วันแรก\nวันที่สอง")
    title, text = '<span lang="th">คุยกับผู้ใช้</span>', '<p class="typed"><span lang="th">วันแรก\nวันที่สอง</span></p>'
    page = client.get(f"/en/projects/{project.code}/").text
    assert (f"<h3>{title}</h3>" in page, text in page, f"{title}</a>" in client.get("/en/").text) == (True, True, True)
    assert 'lang="th">คุยกับผู้ใช้' not in client.get(f"/projects/{project.code}/").text


def test_why_there_is_no_number_is_marked_as_thai_on_the_english_page(client, project, staff, reporter):
    why = "ยังไม่สำรวจ <b>"
    readings = {factories.make_indicator(staff, project): Measure(unavailable=why)}
    factories.make_update(reporter, project, "approved", staff, readings=readings)
    page = " ".join(client.get(f"/en/projects/{project.code}/").text.split())
    assert '<td> Not available: <span lang="th">ยังไม่สำรวจ &lt;b&gt;</span> </td>' in page


def test_a_project_page_costs_six_queries(client, full, project, django_assert_num_queries):
    for code in (full.code, project.code):
        with django_assert_num_queries(6):
            client.get(f"/projects/{code}/")


def test_a_demonstration_stage_marks_the_project_everywhere(client, project, staff):
    staff.demo = True
    stage = project.stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, state="in_progress", actual_start=dt.date(2019, 1, 2))
    for path in ("/en/", "/en/projects/"):
        assert "Demonstration data" in client.get(path).text
    assert "The progress shown is demonstration data" in client.get(f"/en/projects/{project.code}/").text


def test_stage_dates_stand_under_the_diamonds_in_the_era_of_the_language(client, project, staff):
    stage = project.stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, state="done", actual_end=dt.date(2019, 2, 15))
    stage = project.stages.get(number=2)
    stages.edit(stage, by=staff, version=stage.version, state="in_progress", planned_end=dt.date(2019, 12, 31))
    english = [stage["note"] for stage in client.get(f"/en/projects/{project.code}/").context["stages"]]
    assert english == [
        'on <time datetime="2019-02-15">15 Feb 2019</time>',
        '(planned to end <time datetime="2019-12-31">31 Dec 2019</time>)',
        "",
        "",
    ]
    assert "15 ก.พ. 2562" in client.get(f"/projects/{project.code}/").text


def links(page):
    """Where a page says it is: its canonical address, and the one in each language."""
    found = re.findall(r'<link rel="(?:canonical|alternate)"\s+(?:hreflang="(..)"\s+)?href="([^"]+)"', page.text)
    return {language or "canonical": address for language, address in found}


def test_a_page_says_where_it_is_in_both_languages(client, project):
    thai, english = (f"http://testserver{start}/projects/{project.code}/" for start in ("", "/en"))
    for address in (thai, english):
        assert links(client.get(address)) == {"canonical": address, "th": thai, "en": english}


def test_a_committee_meeting_without_a_title_is_called_by_its_number(client, project, staff):
    series = records.add(MeetingSeries, by=staff, key="sub", name_th="อ.ก.พ.ร.")
    source = records.add(Source, by=staff, key="report", title_th="รายงาน")
    meeting = records.add(
        Meeting, by=staff, key="sub-3", kind="committee", series=series, number=3, year=2564,
        starts_on=dt.date(2021, 11, 23), projects=[project], sources=[source],
    )  # fmt: skip
    publishing.publish(meeting, by=staff)
    assert ">อ.ก.พ.ร. 3/2564</a>" in client.get(f"/projects/{project.code}/").text


def test_every_project_has_its_four_stages(project):
    assert list(Stage.objects.filter(project=project).values_list("number", flat=True)) == [1, 2, 3, 4]
