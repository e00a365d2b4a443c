"""The invented cohort of the demonstration: the map is full of it, all of it is marked, and nothing real is touched."""

import pytest

from agencies.models import Agency, User
from agencies.rules import records
from projects.exchange import demo, facts
from projects.models import Cohort, Facet, Project, ProjectAgency, Stage
from projects.rules import demo as rules
from tests.exchange.conftest import NOW

pytestmark = pytest.mark.django_db


def test_the_map_has_many_cells_and_gaps(client, with_demo: None) -> None:
    page = client.get("/projects/map/")
    assert (page.context["down"], page.context["across"]) == ("facet", "type")
    cells = [cell.count for band in page.context["picture"].bands for key, cell in band.cells if key != "unknown"]
    assert (sum(map(bool, cells[:24])) >= 12, 0 in cells) == (True, True)
    for sides in ("rows=lab&columns=stage", "rows=type&columns=stage"):
        bands = client.get(f"/projects/map/?{sides}").context["picture"].bands
        assert all(band.total for band in bands)
    provinces = next(f for f in client.get("/projects/").context["facets"] if f.name == "province")
    assert len([choice for choice in provinces.choices if choice.key != "unknown"]) == 12


def test_all_of_it_is_marked_and_nothing_real_says_more_than_before(client, with_demo: None) -> None:
    invented = Project.objects.filter(cohort__year=2560)
    for rows in (
        invented,
        Stage.objects.filter(project__in=invented),
        ProjectAgency.objects.filter(project__in=invented),
        Cohort.objects.filter(year=2560),
        Agency.objects.filter(key__in=["demo-ministry", "demo-services", "demo-data"]),
    ):
        assert set(rows.values_list("demo", flat=True)) == {True}
    told = Project.objects.filter(demo=False).exclude(types=None, labs=None, facets=None, province="")
    assert list(told) == []
    assert all(row.demo for row in client.get("/projects/?cohort=2560").context["rows"])
    assert {row.project.title_th.endswith("(สาธิต)") for row in client.get("/cohorts/2560/").context["rows"]} == {True}


def test_it_is_taken_out_whole_and_a_real_cohort_of_that_year_is_left_alone(
    with_facts: facts.Report, staff: User
) -> None:
    real = records.add(Cohort, by=staff, year=2560, about_th="รุ่นจริง")
    demo.load(NOW)
    assert Project.objects.filter(cohort=real).count() == 0
    rules.remove(by=facts.robot())
    assert list(Cohort.objects.filter(year=2560).values_list("about_th", "demo")) == [("รุ่นจริง", False)]
    assert Facet.objects.count() == 4
