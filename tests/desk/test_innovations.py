"""The library of innovations on the desk."""

import uuid

import pytest
from django.urls import reverse

from agencies.models import Source
from agencies.rules import records
from projects.models import Innovation, InnovationType
from tests import factories


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def innovation(staff):
    return factories.make_innovation(staff)


def at(verb, innovation):
    return reverse(f"desk:innovation-{verb}", args=[innovation.pk])


def answers_of(**changes):
    return {"title_th": "ถุงตวงเลือด", "country": "TH", "form_key": uuid.uuid4().hex, **changes}


def test_only_staff_come_in(client, sign_in, reporter, innovation):
    pages = [reverse("desk:innovation-list"), reverse("desk:innovation-add")]
    pages += [at(verb, innovation) for verb in ("detail", "edit", "publish", "hide", "remove")]
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={page}")
    sign_in(reporter)
    for page in pages:
        assert (client.get(page).status_code, client.post(page).status_code) == (403, 403)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_stands_in_both_languages(desk, innovation, prefix):
    pages = [reverse("desk:innovation-list"), reverse("desk:innovation-add")]
    pages += [at(verb, innovation) for verb in ("detail", "edit", "remove")]
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * 5


def test_what_is_not_there_is_not_found(desk):
    assert [desk.get(f"/desk/innovations/{pk}/").status_code for pk in (1, 10**30)] == [404, 404]


def test_the_list_shows_drafts_too_and_is_filtered(desk, staff, agency):
    factories.make_innovation(staff, title_th="ก", country="ID", agency=agency)
    factories.make_innovation(staff, title_th="ข", published=False)
    page = reverse("desk:innovation-list")
    assert {
        query: [row.title_th for row, _country in desk.get(page + query).context["rows"]]
        for query in ("", "?state=draft", "?country=ID", f"?agency={agency.key}", "?q=ข")
    } == {"": ["ก", "ข"], "?state=draft": ["ข"], "?country=ID": ["ก"], f"?agency={agency.key}": ["ก"], "?q=ข": ["ข"]}


def test_an_unknown_filter_value_is_said_at_its_field(desk, innovation):
    page = desk.get(reverse("desk:innovation-list") + "?state=x&country=ZZ&type=y")
    assert (page.status_code, sorted(page.context["filter"].form.errors)) == (200, ["country", "state", "type"])
    assert desk.get(reverse("desk:innovation-list") + "?page=99999").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_of_the_database(desk, staff, agency, rows, django_assert_num_queries):
    kind = records.add(InnovationType, by=staff, key="service", name_th="บริการ")
    for _row in range(rows):
        factories.make_innovation(staff, agency=agency, types=[kind])
    with django_assert_num_queries(7):
        assert len(desk.get(reverse("desk:innovation-list")).context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_and_the_form_ask_the_same_of_the_database(
    desk, staff, agency, project, rows, django_assert_num_queries
):
    types = [records.add(InnovationType, by=staff, key=f"t{n}", name_th="บริการ") for n in range(rows)]
    sources = [records.add(Source, by=staff, key=f"s{n}", title_th="เอกสาร") for n in range(rows)]
    thing = factories.make_innovation(staff, agency=agency, project=project, types=types, sources=sources)
    with django_assert_num_queries(5):
        desk.get(at("detail", thing))
    with django_assert_num_queries(9):
        desk.get(at("edit", thing))


def test_an_innovation_is_added_as_a_draft_and_edited(desk, staff, agency, project):
    kind = records.add(InnovationType, by=staff, key="service", name_th="บริการ")
    typed = answers_of(types=[kind.pk], agency=agency.pk, project=project.pk)
    first, second = (desk.post(reverse("desk:innovation-add"), typed) for _click in range(2))
    made = Innovation.objects.get()
    assert (first["Location"], second["Location"]) == (at("detail", made),) * 2
    assert (made.state, made.country, list(made.types.all())) == ("draft", "TH", [kind])
    answer = desk.post(at("edit", made), answers_of(title_th="ชื่อใหม่", version=made.version))
    assert answer["Location"] == at("detail", made)
    made.refresh_from_db()
    assert (made.title_th, made.agency, list(made.types.all())) == ("ชื่อใหม่", None, [])


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title_th": ""}, ["title_th"]),
        ({"title_th": "ก" * 5000}, ["title_th"]),
        ({"title_th": "ก\x00"}, ["title_th"]),
        ({"about_th": "ก" * 10_001}, ["about_th"]),
        ({"country": "XX"}, ["country"]),
        ({"country": "ไทย"}, ["country"]),
        ({"agency": "9" * 40}, ["agency"]),
        ({"types": ["9" * 40]}, ["types"]),
        ({"sources": ["x"]}, ["sources"]),
    ],
)
def test_a_bad_answer_is_a_sentence_at_its_field(desk, staff, changes, fields):
    records.add(InnovationType, by=staff, key="service", name_th="บริการ")
    records.add(Source, by=staff, key="001", title_th="เอกสาร")
    typed = answers_of(about_en="typed before", **changes)
    page = desk.post(reverse("desk:innovation-add"), typed)
    assert (page.status_code, sorted(page.context["form"].errors)) == (400, fields)
    assert "typed before" in page.content.decode()
    assert page.context["form"]["title_th"].value() == typed["title_th"]
    assert Innovation.objects.count() == 0


def test_a_stale_save_keeps_both_versions(desk, staff, innovation):
    records.edit(innovation, by=staff, version=innovation.version, title_th="ของเขา")
    page = desk.post(at("edit", innovation), answers_of(title_th="ของฉัน", version=innovation.version))
    assert (page.status_code, page.context["form"]["title_th"].value()) == (409, "ของฉัน")
    assert "ของเขา" in page.content.decode()


def test_a_country_that_the_table_does_not_know_stays_a_choice(desk, staff):
    thing = factories.make_innovation(staff, country="UY")
    answer = desk.post(at("edit", thing), answers_of(country="UY", version=thing.version))
    assert answer.status_code == 302


def test_staff_publish_and_hide(desk, staff):
    thing = factories.make_innovation(staff, published=False)
    for verb, state in (("publish", "published"), ("hide", "hidden"), ("hide", "hidden"), ("publish", "published")):
        assert desk.post(at(verb, thing))["Location"] == at("detail", thing)
        thing.refresh_from_db()
        assert thing.state == state


def test_a_draft_is_removed_and_a_published_one_stays(desk, staff, innovation):
    draft = factories.make_innovation(staff, published=False)
    key = {"form_key": uuid.uuid4().hex}
    for _click in range(2):
        assert desk.post(at("remove", draft), key)["Location"] == reverse("desk:innovation-list")
    answer = desk.post(at("remove", innovation), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "error"]
    assert list(Innovation.objects.all()) == [innovation]
