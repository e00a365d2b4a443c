"""The public agency list and an agency's page."""

import pytest

from govlab.history import keep
from projects.models import Assignment
from projects.public import agencies
from projects.rules import publishing
from projects.rules.meetings import add_part
from tests import factories

pytestmark = pytest.mark.django_db


def test_agencies_stand_by_kind_and_in_thai_order(client, staff):
    for name, kind in (("ไทย", "government"), ("กรม", "government"), ("เกาะ", "government"), ("มหาลัย", "academic")):
        factories.make_agency(staff, name, kind=kind)
    page = client.get("/en/agencies/")
    assert [agency.name_th for agency in page.context["rows"]] == ["กรม", "เกาะ", "ไทย", "มหาลัย"]
    assert (page.text.index("<h2>Government agency</h2>") < page.text.index("<h2>University</h2>")) is True
    assert client.get("/agencies/?kind=academic").context["count"] == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_two_queries(client, staff, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_agency(staff)
    with django_assert_num_queries(2):
        page = client.get("/agencies/")
    assert page.context["count"] == rows


def fill(staff, agency, rows):
    """So many of everything that stands on an agency's page, and a draft of each that must not."""
    for published in [True] * rows + [False]:
        factories.make_project(staff, owner=agency, published=published)
        meeting = factories.make_meeting(staff, published=published, hosts=[agency])
        add_part(Assignment, by=staff, meeting=meeting, agency=agency, text_th="ให้ทำ")
        factories.make_innovation(staff, published=published, agency=agency)


@pytest.mark.parametrize("rows", [1, 3])
def test_an_agency_shows_what_is_public_about_it_in_six_queries(client, staff, agency, rows, django_assert_num_queries):
    factories.make_agency(staff, "กองในกรม", parent=agency)
    fill(staff, agency, rows)
    with django_assert_num_queries(6):
        page = client.get(f"/en/agencies/{agency.key}/")
    beside = page.context["beside"]
    counts = [len(page.context["rows"]), len(page.context["assignments"]), len(beside["meetings"])]
    assert counts == [rows, rows, rows]
    assert (len(beside["innovations"]), [row.name_th for row in beside["children"]]) == (rows, ["กองในกรม"])


def test_long_lists_are_cut_and_say_where_the_rest_is(client, staff, agency, monkeypatch):
    monkeypatch.setattr(agencies, "MOST", 1)
    fill(staff, agency, 2)
    page = client.get(f"/en/agencies/{agency.key}/")
    assert [len(page.context["beside"][name]) for name in ("meetings", "innovations")] == [1, 1]
    assert (len(page.context["rows"]), len(page.context["assignments"])) == (1, 1)
    figures = ("n_projects", "n_assignments", "n_open", "n_meetings", "n_innovations")
    assert [page.context[name] for name in figures] == [2] * 5
    for words in (
        "See all projects",
        "See all resolutions that ask",
        "See all innovations",
        "The newest one is shown.",
    ):
        assert words in page.text


def test_an_agency_that_shares_an_assignment_shows_it_too(client, staff, agency, other_agency):
    meeting = factories.make_meeting(staff)
    asked = add_part(Assignment, by=staff, meeting=meeting, agency=other_agency, partners=[agency], text_th="ร่วมกันศึกษา")
    page = client.get(f"/agencies/{agency.key}/")
    assert page.context["assignments"] == [(asked, 0)]
    publishing.hide(meeting, by=staff)
    assert client.get(f"/agencies/{agency.key}/").context["assignments"] == []


def test_an_agency_without_anything_reads_no_data_yet(client, agency):
    assert "No data yet" in client.get(f"/en/agencies/{agency.key}/").text
    assert client.get("/agencies/nobody/").status_code == 404


def test_a_demonstration_agency_is_marked(client, staff, agency):
    agency.demo = True
    keep(agency, "edit", by=staff)
    for path in ("/en/agencies/", f"/en/agencies/{agency.key}/"):
        assert "Demonstration data" in client.get(path).text
