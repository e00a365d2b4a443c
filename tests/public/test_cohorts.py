"""Cohorts and stages as the public sees them."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from django.utils.html import escape

from govlab.history import keep
from projects.models import Call, Project
from projects.rules import publishing, stages
from tests import factories

pytestmark = pytest.mark.django_db


def call(project, staff, *, state="published", ends_in=5):
    today = timezone.localdate()
    answers = {"question_th": "อะไรเสียเวลา", "use_th": "นำไปออกแบบ", "stage_number": 1}
    days = {"opens_on": today - dt.timedelta(days=9), "closes_on": today + dt.timedelta(days=ends_in)}
    return keep(Call(project=project), "add", by=staff, state=state, **answers, **days)


def at_stage(project, staff, number, state="in_progress"):
    stage = project.stages.get(number=number)
    stages.edit(stage, by=staff, version=stage.version, state=state)


def fill(staff, rows):
    """So many public projects with everything that is counted, and a draft with the same."""
    for published in [True] * rows + [False]:
        project = factories.make_project(staff, published=published)
        meeting = factories.make_meeting(staff)
        keep(meeting, "edit", by=staff, projects=[project])
        at_stage(project, staff, 2)
        call(project, staff)
        call(project, staff, ends_in=-1)
        call(project, staff, state="draft")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_cohort_counts_what_is_public_in_four_queries(client, staff, other_agency, rows, django_assert_num_queries):
    fill(staff, rows)
    cohort = Project.objects.first().cohort
    keep(cohort, "edit", by=staff, supported_by=[other_agency], about_en="A year of <b>work</b>")
    factories.make_project(staff, year=2561)
    with django_assert_num_queries(4):
        page = client.get("/en/cohorts/2562/")
    got = {name: page.context[name] for name in ("count", "meetings", "calls", "open_calls")}
    assert got == {"count": rows, "meetings": rows, "calls": 2 * rows, "open_calls": rows}
    assert [(key, n) for key, _label, n in page.context["stages"] if n] == [("2", rows)]
    assert (len(page.context["rows"]), [row.name_th for row in page.context["beside"]["supporters"]]) == (
        rows,
        ["กรมอื่น"],
    )
    assert "A year of &lt;b&gt;work&lt;/b&gt;" in page.text


def test_drafts_and_hidden_projects_are_neither_shown_nor_counted(client, staff):
    factories.make_project(staff, published=False, title_th="โครงการลับ")
    publishing.hide(factories.make_project(staff, title_th="โครงการที่ซ่อน"), by=staff)
    for path in ("/cohorts/2562/", "/cohorts/", "/stages/1/"):
        text = client.get(path).text
        assert ("โครงการลับ" in text, "โครงการที่ซ่อน" in text) == (False, False)
    page = client.get("/cohorts/2562/")
    assert (page.context["count"], page.context["rows"], page.context["meetings"]) == (0, [], 0)
    assert [cohort.n for cohort in client.get("/cohorts/").context["cohorts"]] == [0]


def test_projects_of_which_no_stage_is_known_are_counted_as_unknown(client, project):
    page = client.get("/en/cohorts/2562/")
    assert [(key, n) for key, _label, n in page.context["stages"] if n] == [("unknown", 1)]


@pytest.mark.parametrize("year", [2599, 0, 10**30])
def test_a_cohort_that_is_not_there_is_not_found(client, project, year):
    assert client.get(f"/cohorts/{year}/").status_code == 404


def test_a_long_cohort_has_pages(client, staff):
    for _n in range(21):
        factories.make_project(staff)
    first, second = client.get("/cohorts/2562/"), client.get("/cohorts/2562/?page=2")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (20, 1)
    assert client.get("/en/cohorts/2562/?page=9").status_code == 404
    assert "There is no such page in this list." in client.get("/en/cohorts/2562/?page=x").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_cohorts_costs_two_queries(client, staff, agency, rows, django_assert_num_queries):
    for n in range(rows):
        factories.make_project(staff, year=2561 + n)
    with django_assert_num_queries(2):
        page = client.get("/en/cohorts/")
    assert [(cohort.year, cohort.n) for cohort in page.context["cohorts"]] == [
        (2560 + rows - n, 1) for n in range(rows)
    ]


def test_an_empty_portal_says_what_will_be_here(client, staff):
    assert "No cohort yet" in client.get("/en/cohorts/").text
    assert "None is known yet." in client.get("/en/stages/1/").text
    factories.make_cohort(staff)
    assert "No project yet" in client.get("/en/cohorts/2562/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_a_stage_shows_examples_in_six_queries(client, staff, reporter, agency, rows, django_assert_num_queries):
    for published in [True] * rows + [False]:
        for number in (2, 3):
            project = factories.make_project(staff, owner=agency, published=published)
            factories.make_update(reporter, project, "approved", staff)
            factories.make_update(reporter, project, "submitted", title="ยังไม่รับรอง")
            at_stage(project, staff, number, "in_progress")
    with django_assert_num_queries(6):
        page = client.get("/en/stages/2/")
    assert [(count, len(shown)) for _heading, count, shown, _link in page.context["lists"]] == [(rows, rows)] * 2
    assert (len(page.context["updates"]), "ยังไม่รับรอง" in page.text) == (min(2 * rows, 4), False)
    assert [count for _heading, count, _shown, _link in client.get("/stages/4/").context["lists"]] == [0, 0]


def test_a_stage_counts_as_the_list_the_map_and_the_cohort_count(client, staff, agency):
    """A stage that is done, with none after it begun, is where its project stands: on every page, once."""
    states = (("in_progress",), ("done",), ("done", "in_progress"), ("done", "done", "done", "done"), ("done", "done"))
    for told in states:
        project = factories.make_project(staff, owner=agency)
        for number, state in enumerate(told, 1):
            at_stage(project, staff, number, state)
    picture = client.get("/projects/map/?rows=stage&columns=cohort").context["picture"]
    mapped = {band.key: band.total for band in picture.bands}
    cohort = {key: n for key, _label, n in client.get("/cohorts/2562/").context["stages"]}
    for number, here, further in ((1, 2, 3), (2, 2, 1), (3, 0, 1), (4, 0, 1)):
        lists = client.get(f"/stages/{number}/").context["lists"]
        assert [count for _heading, count, _shown, _link in lists] == [here, further]
        assert [client.get(f"/projects/?{link}").context["count"] for *_rest, link in lists] == [here, further]
        assert (mapped[str(number)], cohort[str(number)]) == (here, here)


@pytest.mark.parametrize("number", [0, 5, 10**30])
def test_there_are_four_stages(client, number):
    assert client.get(f"/stages/{number}/").status_code == 404


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_stage_is_told_in_both_languages(client, number):
    thai, english = client.get(f"/stages/{number}/"), client.get(f"/en/stages/{number}/")
    assert (thai.status_code, english.status_code) == (200, 200)
    with translation.override("en"):
        told = english.context["told"]
        sentences = [str(sentence) for sentence in (told["lede"], told["leaves"], *told["does"])]
    assert [(escape(sentence) in english.text, sentence in thai.text) for sentence in sentences] == [(True, False)] * 6


def test_pages_lead_to_cohorts_and_stages(client, project):
    pages = {
        path: client.get(path).text
        for path in (f"/projects/{project.code}/", "/about/", "/projects/?cohort=2562", "/cohorts/")
    }
    assert {path: 'href="/stages/2/"' in text for path, text in pages.items()} == {
        **dict.fromkeys(pages, True),
        "/projects/?cohort=2562": False,
    }
    assert {path: 'href="/cohorts/' in text for path, text in pages.items()} == dict.fromkeys(pages, True)
