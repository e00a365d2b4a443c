"""Facets of the lists: what each choice would leave beside all that is chosen elsewhere, and nothing that is hidden."""

from itertools import combinations

import pytest
from django.http import QueryDict

from agencies.models import Agency
from agencies.rules import records
from projects.facets import facets_of
from projects.filters import InnovationFilter, ProjectFilter
from projects.models import Facet, Innovation, InnovationType, Lab, Project, ServiceField
from projects.rules import projects, publishing, stages
from tests import factories

pytestmark = pytest.mark.django_db

CHOSEN = {
    "cohort": ["2561", "2562"],
    "stage": ["unknown", "2", "5"],
    "field": ["education", "unknown"],
    "type": ["service", "policy", "unknown"],
    "agency": ["one", "two"],
    "lab": ["future", "unknown"],
    "facet": ["adaptive", "mission", "unknown"],
    "province": ["10", "50", "unknown"],
}
"""What is tried of each facet."""


@pytest.fixture
def many(staff):
    """Projects of which some lack a value and some have several; one draft and one hidden that have everything."""
    kinds = [records.add(InnovationType, by=staff, key=key, name_th=key) for key in ("service", "policy")]
    labs = [records.add(Lab, by=staff, key=key, name_th=key) for key in ("future", "policy-lab")]
    facets = [records.add(Facet, by=staff, key=key, name_th=key) for key in ("adaptive", "mission")]
    field = records.add(ServiceField, by=staff, key="education", name_th="การศึกษา")
    one, two = (factories.make_agency(staff, key, key=key) for key in ("one", "two"))
    rows = [
        {"year": 2561, "field": field, "types": kinds, "labs": labs, "facets": facets[:1], "province": "10"},
        {"year": 2561, "types": kinds[:1], "facets": facets, "province": "50"},
        {"year": 2562, "field": field, "types": kinds[1:], "labs": labs[:1]},
        {"year": 2562, "province": "50"},
        {"year": 2562, "field": field, "facets": facets[1:], "province": "10"},
    ]
    everything = {"year": 2562, "field": field, "types": kinds, "labs": labs, "facets": facets, "province": "10"}
    made = [factories.make_project(staff, **row) for row in rows]
    draft = factories.make_project(staff, published=False, **everything)
    hidden = publishing.hide(factories.make_project(staff, **everything), by=staff)
    for project, agency in (
        (made[0], one),
        (made[0], two),
        (made[1], two),
        (made[4], one),
        (draft, one),
        (hidden, two),
    ):
        projects.add_part(project, by=staff, agency=agency, part="owner")
    for project, numbers, state in (
        (made[0], (1, 2, 3, 4), "done"),
        (made[2], (2,), "in_progress"),
        (draft, (2,), "done"),
    ):
        for stage in project.stages.filter(number__in=numbers):
            stages.edit(stage, by=staff, version=stage.version, state=state)
    return made


def values(project, name):
    """What the project says of a facet, one by one: the naive way."""
    lists = {"type": project.types, "lab": project.labs, "facet": project.facets, "agency": project.agencies}
    if name in lists:
        return {row.key for row in lists[name].all()} or {"unknown"}
    one = {
        "cohort": project.cohort.year,
        "stage": project.current_stage,
        "field": project.field and project.field.key,
        "province": project.province or None,
    }[name]
    return {"unknown" if one is None else str(one)}


def naive(chosen, name):
    """How many public projects each value of a facet has among those that fit all that is chosen in the others."""
    counts: dict[str, int] = {}
    for project in Project.objects.filter(state="published"):
        if all(values(project, other) & set(wanted) for other, wanted in chosen.items() if other != name):
            for value in values(project, name):
                counts[value] = counts.get(value, 0) + 1
    return {value: n for value, n in counts.items() if name != "agency" or value != "unknown"}


def combined():
    """Nothing, each value, each two values of one facet, and values of each two facets."""
    yield {}
    for name, keys in CHOSEN.items():
        yield from ({name: [key]} for key in keys)
        yield from ({name: list(pair)} for pair in combinations(keys, 2))
    for (name, keys), (other, others) in combinations(CHOSEN.items(), 2):
        yield {name: keys[:1], other: others[-1:]}
        yield {name: keys[-1:], other: others[:2]}


def address(chosen):
    query = QueryDict(mutable=True)
    for name, keys in chosen.items():
        query.setlist(name, keys)
    return query


def test_every_count_is_what_one_gets_by_counting(many, visitor):
    for chosen in combined():
        query = address(chosen)
        asked = ProjectFilter(query, queryset=Project.objects.visible_to(visitor))
        total, facets = facets_of(asked, query)
        found = {row.name: {each.key: each.count for each in row.choices if each.count} for row in facets}
        wanted = {name: counts for name in CHOSEN if (counts := naive(chosen, name)) and set(counts) != {"unknown"}}
        shown = {name: counts for name, counts in found.items() if set(counts) - {"unknown"}}
        assert (chosen, shown) == (chosen, wanted)
        assert total == asked.qs.count() == len({row.pk for row in asked.qs})


def test_each_count_is_what_the_list_then_shows(client, many):
    page = client.get("/projects/?type=service&province=50&province=10")
    assert page.context["count"] == 2
    for facet in page.context["facets"]:
        for choice in facet.choices:
            query = address({"type": ["service"], "province": ["50", "10"]} | {facet.name: [choice.key]})
            assert client.get(f"/projects/?{query.urlencode()}").context["count"] == choice.count


@pytest.mark.parametrize(("rows", "query", "queries"), [(1, "", 4), (3, "", 4), (3, "?type=service&lab=unknown", 4)])
def test_the_facets_cost_one_query_more_than_a_list_that_does_not_count(
    client, staff, rows, query, queries, django_assert_num_queries
):
    for _n in range(rows):
        kind = records.add(InnovationType, by=staff, key=f"service{_n or ''}", name_th="ก")
        factories.make_project(staff, types=[kind], province="10")
    with django_assert_num_queries(queries):  # choices, facets with the count, rows, their stages
        assert client.get(f"/projects/{query}").context["count"] == (1 if query else rows)


@pytest.mark.parametrize("rows", [1, 3])
def test_words_are_read_once_for_all_facets(client, staff, rows, django_assert_max_num_queries):
    for _n in range(rows):
        factories.make_project(staff, title_th="น้ำ", province="10")
    client.get("/projects/?q=น้ำ")  # reads the other words for the same, once for an edition
    with django_assert_max_num_queries(5):  # and the number of the edition
        assert client.get("/projects/?q=น้ำ&province=10").context["count"] == rows


def test_nothing_of_a_draft_is_counted_or_offered(client, staff):
    kind = records.add(InnovationType, by=staff, key="secret", name_th="ความลับ")
    factories.make_project(staff, published=False, types=[kind], province="50")
    factories.make_project(staff)
    page = client.get("/projects/")
    assert [(row.name, [(each.key, each.count) for each in row.choices]) for row in page.context["facets"]] == [
        ("cohort", [("2562", 1)])
    ]
    assert "ความลับ" not in page.text
    assert client.get("/projects/?type=secret").context["count"] == 0


def test_several_values_of_one_facet_are_any_of_them_and_of_two_facets_both(client, many):
    one, two, three, _four, five = [row.pk for row in many]
    found = {
        query: {row.project.pk for row in client.get(f"/projects/?{query}").context["rows"]}
        for query in (
            "type=service&type=policy",
            "type=service&facet=mission",
            "lab=unknown&facet=mission",
            "lab=future",
        )
    }
    assert found == {
        "type=service&type=policy": {one, two, three},
        "type=service&facet=mission": {two},
        "lab=unknown&facet=mission": {two, five},
        "lab=future": {one, three},
    }


def test_what_is_chosen_can_be_taken_back_one_by_one(client, many):
    page = client.get("/en/projects/?type=service&type=policy&lab=future&page=1&q=")
    tags = {(row.name, each.key): each.without for row in page.context["facets"] for each in row.choices if each.chosen}
    assert tags == {
        ("type", "service"): "?type=policy&lab=future&q=",
        ("type", "policy"): "?type=service&lab=future&q=",
        ("lab", "future"): "?type=service&type=policy&q=",
    }
    for without in tags.values():
        assert f'href="/en/projects/{without.replace("&", "&amp;")}"' in page.text


def test_a_long_facet_is_folded_with_what_is_chosen_and_what_leads_to_most_first(client, staff):
    for n in range(12):
        field = records.add(ServiceField, by=staff, key=f"field-{n:02}", name_th=f"ด้าน {n:02}")
        factories.make_project(staff, field=field)
    factories.make_project(staff, field=Project.objects.get(field__key="field-07").field)
    page = client.get("/projects/?field=field-05")
    field = next(row for row in page.context["facets"] if row.name == "field")
    assert [each.key for each in field.choices[:3]] == ["field-05", "field-07", "field-00"]
    assert (len(field.first), len(field.rest)) == (8, 4)


def test_innovations_have_facets_too(visitor, staff, agency):
    kind = records.add(InnovationType, by=staff, key="service", name_th="บริการ")
    factories.make_innovation(staff, types=[kind], country="KR")
    factories.make_innovation(staff, agency=agency, country="TH")
    factories.make_innovation(staff, published=False, agency=agency, country="JP")
    query = address({"country": ["KR", "TH"], "type": ["unknown"]})
    asked = InnovationFilter(query, queryset=Innovation.objects.visible_to(visitor))
    total, facets = facets_of(asked, query)
    assert total == 1
    assert {row.name: {each.key: each.count for each in row.choices} for row in facets} == {
        "type": {"service": 1, "unknown": 1},
        "country": {"KR": 0, "TH": 1},
        "agency": {Agency.objects.get().key: 1},
    }


@pytest.mark.parametrize("value", ["nope", "\0", "x" * 5000, "%"])
@pytest.mark.parametrize("name", ["lab", "facet", "province", "type"])
def test_an_unknown_value_is_named_at_its_facet_over_the_whole_list(client, many, name, value):
    page = client.get("/en/projects/", {name: value})
    assert (page.status_code, page.context["count"], set(page.context["form"].errors)) == (200, 5, {name})


def test_what_nobody_stated_is_offered_after_the_schema_looked_at_the_filter(many, visitor):
    assert ProjectFilter.base_filters["province"].field is not None
    asked = ProjectFilter(address({"province": ["unknown"]}), queryset=Project.objects.visible_to(visitor))
    assert (asked.form.errors, asked.qs.count()) == ({}, 1)
