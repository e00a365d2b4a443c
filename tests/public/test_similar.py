"""Similar projects: the most alike first, at most four, and only what everybody may see."""

from datetime import date

import pytest

from agencies.rules import records
from govlab.history import derive
from projects.models import Facet, InnovationType, Lab, Project, ProjectAgency
from projects.public import known, similar
from projects.rules import publishing
from tests import factories

pytestmark = pytest.mark.django_db


def lookup(staff, model, key):
    return records.add(model, by=staff, key=key, name_th=key)


@pytest.fixture
def tags(staff):
    return {
        "field": factories.make_field(staff),
        "types": [lookup(staff, InnovationType, key) for key in ("service", "policy")],
        "labs": [lookup(staff, Lab, "lab")],
        "facets": [lookup(staff, Facet, "mission")],
    }


@pytest.fixture
def whole(staff, agency, tags):
    """A project that has everything that can be shared."""
    return factories.make_project(staff, owner=agency, **tags)


def found(project):
    rows = known.beside(Project.objects.get(pk=project.pk), date(2026, 1, 31))["similar"]
    return [(row.key, [label for bit, _weight, label in similar.SHARED.values() if row.under & bit]) for row in rows]


def test_what_shares_more_comes_first_with_why(staff, agency, tags, whole):
    label = {name: said for name, (_bit, _weight, said) in similar.SHARED.items()}
    cases = {
        "all": ({**tags, "owner": agency}, ["field", "agency", "types", "labs", "facets"]),
        "field": ({"field": tags["field"]}, ["field"]),
        "agency": ({"owner": agency}, ["agency"]),
        "one of two types": ({"types": tags["types"][:1]}, ["types"]),
    }
    made = {name: factories.make_project(staff, **answers) for name, (answers, _why) in cases.items()}
    factories.make_project(staff, labs=tags["labs"])  # shares less than the four
    factories.make_project(staff, field=factories.make_field(staff, "อื่น"))
    assert found(whole) == [(made[name].code, [label[part] for part in why]) for name, (_a, why) in cases.items()]


def test_what_shares_several_things_stands_there_once(staff, tags, whole):
    made = factories.make_project(staff, types=tags["types"], labs=tags["labs"], facets=tags["facets"])
    assert [code for code, _why in found(whole)] == [made.code]


def test_what_shares_nothing_is_not_similar(staff, whole):
    factories.make_project(staff)
    bare = factories.make_project(staff)
    assert (found(whole), found(bare)) == ([], [])


def test_drafts_and_hidden_projects_are_never_among_them(client, staff, agency, tags, whole):
    factories.make_project(staff, owner=agency, published=False, title_th="โครงการลับ", **tags)
    publishing.hide(factories.make_project(staff, owner=agency, title_th="โครงการที่ซ่อน", **tags), by=staff)
    page = client.get(f"/projects/{whole.code}/")
    assert (page.context["similar"], "โครงการลับ" in page.text, "โครงการที่ซ่อน" in page.text) == ([], False, False)


def test_many_drafts_do_not_crowd_out_what_is_public(staff, tags, monkeypatch):
    monkeypatch.setattr(similar, "NEAR", 2)
    shown = factories.make_project(staff, field=tags["field"])
    whole = factories.make_project(staff, field=tags["field"])
    for _n in range(3):
        factories.make_project(staff, field=tags["field"], published=False)
    assert [code for code, _why in found(whole)] == [shown.code]


def test_the_newest_come_first_among_equals(staff, tags):
    codes = [factories.make_project(staff, field=tags["field"]).code for _n in range(6)]
    assert {code for code, _why in found(factories.make_project(staff, field=tags["field"]))} == {*codes[2:]}


def test_an_innovation_leads_to_public_ones_of_its_types(client, staff, tags):
    service, policy = tags["types"]
    both = factories.make_innovation(staff, types=[service, policy], title_th="ข", country="SG")
    one = factories.make_innovation(staff, types=[service], title_th="ก")
    factories.make_innovation(staff, types=[service], published=False, title_th="ลับ")
    factories.make_innovation(staff)
    entry = factories.make_innovation(staff, types=[service, policy])
    page = client.get(f"/en/innovations/{entry.pk}/")
    assert [(row.key, country) for row, country in page.context["related"]] == [
        (str(both.pk), "Singapore"),
        (str(one.pk), "Thailand"),
    ]
    bare = factories.make_innovation(staff)
    assert client.get(f"/innovations/{bare.pk}/").context["related"] == []


def test_a_title_about_the_same_matter_is_similar_and_one_shared_piece_of_a_word_is_not(staff):
    reporting = factories.make_project(staff, title_th="การรายงานตัวของแรงงานต่างด้าว (90 วัน)")
    registering = factories.make_project(staff, title_th="การลงทะเบียนแรงงานต่างด้าว")
    teaching = factories.make_project(staff, title_th="การเรียนการสอน")
    factories.make_project(staff, title_th="ระบบติดตามการร้องเรียน")
    assert found(reporting) == [(registering.code, [similar.SHARED["words"][2]])]
    assert found(teaching) == []


def test_what_the_demonstration_gives_to_real_projects_makes_them_no_likeness(staff, agency):
    first, second = (factories.make_project(staff, owner=agency, title_th=title) for title in ("น้ำ", "ไฟ"))
    assert [code for code, _why in found(first)] == [second.code]
    for part in ProjectAgency.objects.all():
        part.demo = True
        derive([part], ["demo"])
    assert found(first) == []
