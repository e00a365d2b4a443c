"""The public agency list and an agency's page."""

import pytest

from agencies.models import Agency
from govlab.history import keep
from projects.models import AgendaItem, Assignment, Project, Resolution
from projects.public import agencies
from projects.rules import projects, publishing
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


@pytest.fixture
def ministry(staff):
    """A ministry, its department, a division of that, and a ministry beside it; each owns a project."""
    top = factories.make_agency(staff, "กระทรวง", key="ministry")
    department = factories.make_agency(staff, "กรม", key="department", parent=top)
    division = factories.make_agency(staff, "กอง", key="division", parent=department)
    beside = factories.make_agency(staff, "กระทรวงอื่น", key="beside")
    for agency in (division, department, top, beside):
        fill(staff, agency, 1)
    return top


def test_an_agency_shows_what_agencies_below_it_do_its_own_first(client, staff, ministry, django_assert_num_queries):
    both = Project.objects.get(
        agencies__key="division", state="published"
    )  # a part of both: once, and as the ministry's own
    projects.add_part(both, by=staff, agency=ministry, part="support")
    with django_assert_num_queries(6):
        page = client.get("/en/agencies/ministry/")
    told = [(part.agency.key, row.project.agencies.filter(key="beside").exists()) for row, part in page.context["rows"]]
    assert sorted(told[:2]) == [("ministry", False)] * 2
    assert told[2:] == [("department", False)]
    assert [row.agency.key for row, _late in page.context["assignments"]] == ["ministry", "division", "department"]
    assert sorted(row.url for row in page.context["beside"]["innovations"]) == ["department", "division", "ministry"]
    assert page.context["beside"]["innovations"][0].url == "ministry"
    assert [page.context[name] for name in ("n_projects", "n_own", "n_below")] == [3, 2, 1]
    assert [page.context[name] for name in ("n_assignments", "n_open", "n_innovations")] == [3, 3, 3]
    assert 'href="/en/agencies/department/"' in page.text and "of agencies under it" in page.text
    only = client.get("/en/agencies/division/")
    assert [only.context[name] for name in ("n_projects", "n_below", "n_assignments")] == [1, 0, 1]


def test_what_is_cut_leads_to_a_list_with_just_as_many(client, staff, ministry, monkeypatch):
    monkeypatch.setattr(agencies, "MOST", 1)
    for key, wanted in (("ministry", 3), ("department", 2)):
        page = client.get(f"/agencies/{key}/")
        for path, figure in (("projects", "n_projects"), ("innovations", "n_innovations")):
            assert f'href="/{path}/?within={key}"' in page.text
            listed = client.get(f"/{path}/?within={key}")
            assert (listed.context["count"], page.context[figure]) == (wanted, wanted)
        assert f'href="/resolutions/?within={key}"' in page.text


def test_the_filter_by_a_body_counts_in_facets_and_stays_on_the_map(client, ministry):
    page = client.get("/projects/?within=ministry&agency=department")
    assert page.context["count"] == 1
    facet = next(facet for facet in page.context["facets"] if facet.name == "agency")
    assert {choice.key: choice.count for choice in facet.choices} == dict.fromkeys(
        ("ministry", "department", "division"), 1
    )
    drawn = client.get("/projects/map/?within=ministry&rows=field&columns=stage")
    assert (drawn.context["picture"].total, drawn.context["kept"]) == (3, [("within", "ministry")])
    assert [choice for _facet, choice, _without in drawn.context["chosen"]] == ["กระทรวง"]
    assert "is not in the list" in client.get("/en/projects/?within=division").text  # nobody is below it


def test_resolutions_are_found_by_the_body_above_those_that_are_asked(client, staff, ministry):
    meeting = factories.make_meeting(staff)
    item = add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่อง")
    for key in ("division", "beside"):
        passed = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th=f"มติ {key}")
        asked = Agency.objects.get(key=key)
        add_part(Assignment, by=staff, meeting=meeting, agency=asked, resolution=passed, text_th="ให้ทำ")
    found = client.get("/resolutions/?within=ministry").context
    assert found["count"] == 1
    assert client.get("/resolutions/?agency=ministry").context["count"] == 0


def test_agencies_within_each_other_in_a_circle_still_end(ministry):
    Agency.objects.filter(key="ministry").update(parent=Agency.objects.get(key="division"))
    keys = {agency.key for agency in Agency.objects.within("department")}
    assert (keys, list(Agency.objects.within("nobody"))) == ({"ministry", "department", "division"}, [])
