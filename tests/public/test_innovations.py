"""The public library of innovations."""

import pytest

from agencies.rules import records
from projects.models import InnovationType
from projects.rules import publishing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_five_queries(client, staff, agency, rows, django_assert_num_queries):
    kind = records.add(InnovationType, by=staff, key="service", name_th="นวัตกรรมบริการ")
    for _n in range(rows):
        factories.make_innovation(staff, agency=agency, types=[kind])
    with django_assert_num_queries(5):
        page = client.get("/innovations/")
    assert page.context["count"] == rows


def test_only_published_entries_are_found(client, staff):
    shown = factories.make_innovation(staff)
    draft = factories.make_innovation(staff, published=False)
    hidden = publishing.hide(factories.make_innovation(staff), by=staff)
    assert [row.pk for row, _country in client.get("/innovations/").context["rows"]] == [shown.pk]
    assert [client.get(f"/innovations/{row.pk}/").status_code for row in (shown, draft, hidden)] == [200, 404, 404]
    assert client.get(f"/innovations/{10**30}/").status_code == 404


def test_an_entry_says_what_is_known_and_what_is_not(client, staff, project):
    entry = factories.make_innovation(staff, title_th="", title_en="Moments of Life", country="SG", project=project)
    page = client.get(f"/innovations/{entry.pk}/")
    assert '<span lang="en">Moments of Life</span>' in page.text
    english = client.get(f"/en/innovations/{entry.pk}/").text
    assert "Singapore" in english
    assert english.count("No data yet") == 3  # about, types, agency
    assert project.title_th in english


def test_an_entry_does_not_name_the_project_it_came_from_before_that_is_public(client, staff):
    project = factories.make_project(staff, published=False, title_th="โครงการลับ")
    entry = factories.make_innovation(staff, project=project)
    page = client.get(f"/innovations/{entry.pk}/")
    assert page.context["project"] is None
    assert "โครงการลับ" not in page.text


def test_the_filter_offers_the_countries_that_are_there(client, staff):
    for country in ("TH", "KR", "KR", ""):
        factories.make_innovation(staff, country=country)
    factories.make_innovation(staff, country="SG", published=False)
    choices = client.get("/innovations/").context["form"].fields["country"].choices
    assert sorted(key for key, _label in choices if key) == ["KR", "TH"]
    assert client.get("/innovations/?country=KR").context["count"] == 2
    assert "SG" in str(client.get("/innovations/?country=SG").context["form"].errors)


def test_an_empty_library_says_what_will_be_here(client):
    assert "No innovation yet" in client.get("/en/innovations/").text


def test_the_types_stand_under_the_list_with_what_they_are_and_how_many_are_public(client, staff):
    service, policy = (
        records.add(InnovationType, by=staff, key=key, name_th=key, about_en=about, position=n)
        for n, (key, about) in enumerate((("service", "Told by staff"), ("policy", "")))
    )
    factories.make_innovation(staff, types=[service, policy])
    factories.make_innovation(staff, types=[service])
    factories.make_innovation(staff, types=[service], published=False)
    page = client.get("/en/innovations/")
    assert [(row.key, row.under, row.more_en) for row in page.context["types"]] == [
        ("service", 2, "Told by staff"),
        ("policy", 1, "A new aim or instrument of policy, and how it came about."),
    ]
    assert page.context["chosen_types"] == []
    chosen = client.get("/en/innovations/?type=policy")
    assert ([row.key for row in chosen.context["chosen_types"]], chosen.context["count"]) == (["policy"], 1)


def test_an_entry_says_what_carries_over_and_what_to_mind(client, call, staff):
    told = {"carries_over_th": "นับเวลา <b>ทุก</b> ขั้น", "mind_en": "Somebody must look after it"}
    entry = factories.make_innovation(staff, **told)
    page = client.get(f"/en/innovations/{entry.pk}/").text
    assert '<span lang="th">นับเวลา &lt;b&gt;ทุก&lt;/b&gt; ขั้น</span>' in page
    assert "Somebody must look after it" in page
    answer = call().get(f"/api/v1/innovations/{entry.pk}/").json()
    assert {name: answer[name] for name in told} == told
    bare = client.get(f"/en/innovations/{factories.make_innovation(staff).pk}/").text
    assert ("What carries over" in bare, "What to mind when copying it" in bare) == (False, False)
