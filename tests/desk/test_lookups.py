"""The short lists and the sources on the desk."""

import datetime as dt

import pytest
from django.urls import reverse

from agencies.models import Source
from agencies.rules import records
from projects.desk.lookups import TABLES
from projects.models import InnovationType, ServiceField
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


def row(table, staff, key="a-key"):
    model = TABLES[table].model
    return records.add(model, by=staff, key=key, **{"title_th" if model is Source else "name_th": "ชื่อ"})


def test_every_list_is_linked_with_the_number_of_its_rows(desk, staff):
    factories.make_field(staff)
    tables = desk.get(reverse("desk:lookup-list")).context["tables"]
    assert [(table["url"], table["count"]) for table in tables] == [
        ("/desk/cohorts/", 0),
        ("/desk/lists/fields/", 1),
        ("/desk/lists/types/", 0),
        ("/desk/lists/labs/", 0),
        ("/desk/lists/facets/", 0),
        ("/desk/lists/principles/", 0),
        ("/desk/lists/sources/", 0),
        ("/desk/series/", 0),
        ("/desk/synonyms/", 0),
    ]


def test_a_list_that_is_not_there_is_a_404(desk):
    assert [desk.get(f"/desk/lists/{path}").status_code for path in ("x/", "x/add/", "fields/9/edit/")] == [404] * 3


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_added_once_edited_compared_and_removed(desk, staff, table):
    url = f"/desk/lists/{table}/"
    name = "title_th" if table == "sources" else "name_th"
    data = {"key": "new-row", "position": "1", name: "ชื่อใหม่", "form_key": "k"}
    for _click in range(2):
        assert desk.post(f"{url}add/", data).headers["Location"] == url
    thing = TABLES[table].model.objects.get()
    assert desk.get(url).status_code == 200
    edit = {"key": "new-row", "position": "1", name: "ชื่ออื่น", "version": thing.version}
    assert desk.get(f"{url}{thing.pk}/edit/").status_code == 200
    assert desk.post(f"{url}{thing.pk}/edit/", edit).status_code == 302
    page = desk.post(f"{url}{thing.pk}/edit/", {**edit, name: "ของฉัน"})
    assert (page.status_code, [each["before"] for each in page.context["compare"]]) == (409, ["ชื่ออื่น"])
    assert desk.get(f"{url}{thing.pk}/remove/").status_code == 200
    for _click in range(2):
        assert desk.post(f"{url}{thing.pk}/remove/", {"form_key": "r"}).headers["Location"] == url
    assert TABLES[table].model.objects.count() == 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("key", ["a-key", "add"])
def test_a_key_that_is_taken_gets_a_sentence(desk, staff, table, key):
    row(table, staff)
    name = "title_th" if table == "sources" else "name_th"
    page = desk.post(f"/desk/lists/{table}/add/", {"key": key, "position": "1", name: "ซ้ำ"})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["key"])


def test_a_row_without_a_name_gets_a_sentence(desk):
    page = desk.post("/desk/lists/fields/add/", {"key": "empty", "position": "1"})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["name_th"])


def test_a_source_takes_a_date_as_people_type_it(desk):
    data = {"key": "news", "title_th": "ข่าว", "published_on": "11 ม.ค. 2562", "url": "https://www.opdc.go.th/news"}
    assert desk.post("/desk/lists/sources/add/", data).status_code == 302
    assert Source.objects.get().published_on == dt.date(2019, 1, 11)
    page = desk.post(
        "/desk/lists/sources/add/", {**data, "key": "other", "published_on": "31/2/2562", "url": "no address"}
    )
    assert (page.status_code, sorted(page.context["form"].errors)) == (400, ["published_on", "url"])


def test_a_row_in_use_is_not_removed(desk, staff, project):
    """The one as a foreign key, the other one among several."""
    field = factories.make_field(staff)
    kind = records.add(InnovationType, by=staff, key="service", name_th="บริการ")
    records.edit(project, by=staff, version=project.version, field=field, types=[kind])
    for table, thing in (("fields", field), ("types", kind)):
        page = desk.post(f"/en/desk/lists/{table}/{thing.pk}/remove/", {"form_key": table}, follow=True)
        assert "It cannot be removed while these belong to it" in page.content.decode()
    assert (ServiceField.objects.count(), InnovationType.objects.count()) == (1, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_three_rows_as_for_one(desk, staff, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_field(staff)
    with django_assert_num_queries(4):
        assert len(desk.get("/desk/lists/fields/").context["rows"]) == rows
    with django_assert_num_queries(11):
        desk.get("/desk/lists/")
