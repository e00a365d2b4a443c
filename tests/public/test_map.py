"""The map of the portfolio: every cell counts what its link shows, gaps are seen, and nothing that is hidden counts."""

from itertools import permutations

import pytest

from agencies.rules import records
from projects.models import Facet, InnovationType, Lab, Project, ServiceField
from projects.public.portfolio import SIDES
from projects.rules import stages
from tests import factories
from tests.public.test_facets import values

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(staff):
    """Projects of which some lack a value and some have several, and a draft that has everything."""
    kinds = [records.add(InnovationType, by=staff, key=key, name_th=key) for key in ("service", "policy")]
    lab = records.add(Lab, by=staff, key="future", name_th="future")
    facets = [records.add(Facet, by=staff, key=key, name_th=key) for key in ("adaptive", "mission", "nobody")]
    field = records.add(ServiceField, by=staff, key="education", name_th="การศึกษา")
    made = [
        factories.make_project(staff, year=2561, field=field, types=kinds, facets=facets[:2], labs=[lab]),
        factories.make_project(staff, types=kinds[:1], facets=facets[:1]),
        factories.make_project(staff, field=field, types=kinds[:1], facets=facets[:1]),
        factories.make_project(staff, title_th="ไม่มีอะไร"),
    ]
    factories.make_project(staff, published=False, field=field, types=kinds, facets=facets, labs=[lab])
    stage = made[1].stages.get(number=3)
    stages.edit(stage, by=staff, version=stage.version, state="in_progress")
    return made


def naive(down, across):
    """How many public projects have both values, for each two values that some have."""
    counts: dict[tuple[str, str], int] = {}
    for project in Project.objects.filter(state="published"):
        for one in values(project, down):
            for other in values(project, across):
                counts[one, other] = counts.get((one, other), 0) + 1
    return counts


@pytest.mark.parametrize(("down", "across"), list(permutations(SIDES, 2)))
def test_every_cell_and_total_is_what_one_gets_by_counting(client, some, down, across):
    picture = client.get(f"/projects/map/?rows={down}&columns={across}").context["picture"]
    cells = {(band.key, key): cell.count for band in picture.bands for key, cell in band.cells if cell.count}
    assert cells == naive(down, across)
    rows = [(values(each, down), values(each, across)) for each in Project.objects.filter(state="published")]
    assert {band.key: band.total for band in picture.bands if band.total} == {
        key: sum(key in mine for mine, _other in rows) for key in {one for mine, _other in rows for one in mine}
    }
    assert {key: n for key, _label, n in picture.columns if n} == {
        key: sum(key in mine for _other, mine in rows) for key in {one for _other, mine in rows for one in mine}
    }
    assert picture.total == 4


@pytest.mark.parametrize(("down", "across", "kept"), [("facet", "type", ""), ("lab", "stage", "&cohort=2562&q=GL2562")])
def test_each_cell_leads_to_just_its_projects(client, some, down, across, kept):
    page = client.get(f"/projects/map/?rows={down}&columns={across}{kept}")
    for band, link, cells in page.context["table"]:
        assert client.get(f"/projects/?{link}").context["count"] == band.total
        for cell, cell_link, _stages in cells:
            assert client.get(f"/projects/?{cell_link}").context["count"] == cell.count
    for _label, count, link in page.context["columns"]:
        assert client.get(f"/projects/?{link}").context["count"] == count
    assert client.get(f"/projects/?{page.context['all']}").context["count"] == page.context["picture"].total


def test_what_is_asked_of_a_side_does_not_narrow_the_picture(client, some):
    picture = client.get("/projects/map/?rows=facet&columns=type&facet=mission").context["picture"]
    assert picture.total == 4


def test_a_value_nobody_has_is_a_row_of_gaps_and_the_unstated_stands_last(client, some):
    page = client.get("/en/projects/map/")
    picture = page.context["picture"]
    assert [(band.key, [cell.count for _key, cell in band.cells]) for band in picture.bands] == [
        ("adaptive", [1, 3, 0]),
        ("mission", [1, 1, 0]),
        ("nobody", [0, 0, 0]),
        ("unknown", [0, 0, 1]),
    ]
    assert picture.gaps == 2
    assert page.text.count('<td class="w0">') == 7
    assert "Not stated" in page.text


def test_the_diamonds_of_a_cell_are_filled_as_far_as_its_furthest_project(client, some):
    picture = client.get("/projects/map/").context["picture"]
    cells = dict(picture.bands[0].cells)
    assert cells["service"].glyph == ["done", "done", "done", "not_started"]
    assert cells["policy"].glyph == ["unknown"] * 4


def test_it_begins_with_what_is_stated(client, staff):
    factories.make_project(staff)
    assert (page := client.get("/projects/map/").context)["down"] == "field" and page["across"] == "stage"
    kind = records.add(InnovationType, by=staff, key="service", name_th="บริการ")
    factories.make_project(staff, types=[kind], published=False)
    assert client.get("/projects/map/").context["down"] == "field"
    factories.make_project(staff, types=[kind])
    assert (page := client.get("/projects/map/").context)["down"] == "facet" and page["across"] == "type"


@pytest.mark.parametrize(
    "asked", ["rows=x&columns=x", "rows=type&columns=type", "rows=\0", "columns=facet", "cohort=1"]
)
def test_any_address_gives_two_different_sides(client, some, asked):
    page = client.get(f"/projects/map/?{asked}")
    assert page.status_code == 200
    assert page.context["down"] != page.context["across"]


def test_an_empty_portal_says_what_will_be_here(client):
    assert "No project yet" in client.get("/en/projects/map/").text


def test_a_filter_that_leaves_nothing_can_be_cleared(client, some):
    assert '<a href="/en/projects/map/">Clear the filter</a>' in client.get("/en/projects/map/?q=zzzz").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_map_costs_two_queries(client, staff, rows, django_assert_num_queries):
    for n in range(rows):
        kind = records.add(InnovationType, by=staff, key=f"kind-{n}", name_th="ก")
        factories.make_project(staff, types=[kind])
    with django_assert_num_queries(2):
        client.get("/projects/map/?rows=facet&columns=type")
    with django_assert_num_queries(3):  # one more to choose what to begin with
        client.get("/projects/map/")
