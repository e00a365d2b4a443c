"""Words that mean the same, on the desk."""

import uuid

import pytest
from django.urls import reverse

from agencies.rules import records
from projects.models import Synonyms

LIST = "/desk/synonyms/"


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def group(staff):
    return records.add(Synonyms, by=staff, words="มัคคุเทศก์\nไกด์\ntour guide")


def at(verb, group):
    return reverse(f"desk:synonyms-{verb}", args=[group.pk])


def answers_of(**changes):
    return {"words": "คนไข้\nผู้ป่วย", "form_key": uuid.uuid4().hex, **changes}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_stands_in_both_languages(desk, group, prefix):
    pages = [LIST, f"{LIST}?q=ไกด์", f"{LIST}add/", at("edit", group), at("remove", group)]
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * 5


def test_only_staff_come_in(sign_in, reporter, group):
    client = sign_in(reporter)
    pages = [LIST, f"{LIST}add/", at("edit", group), at("remove", group)]
    assert [(client.get(page).status_code, client.post(page).status_code) for page in pages] == [(403, 403)] * 4


def test_staff_add_edit_and_remove_a_group(desk):
    assert desk.post(f"{LIST}add/", answers_of())["Location"] == LIST
    group = Synonyms.objects.get()
    typed = answers_of(words="คนไข้\n\n  ผู้ป่วย \nคนไข้\npatient", version=group.version)
    assert desk.post(at("edit", group), typed)["Location"] == LIST
    group.refresh_from_db()
    assert group.listed() == ["คนไข้", "ผู้ป่วย", "patient"]
    assert desk.post(at("remove", group), {"form_key": uuid.uuid4().hex})["Location"] == LIST
    assert Synonyms.objects.count() == 0


@pytest.mark.parametrize(
    "words", ["", "คำเดียว", "ซ้ำ\nซ้ำ", "\n".join(map(str, range(31))), "ก" * 81 + "\nข", "ก\x00\nข"]
)
def test_a_bad_group_is_a_sentence_at_its_field(desk, words):
    page = desk.post(f"{LIST}add/", answers_of(words=words))
    assert (page.status_code, list(page.context["form"].errors), Synonyms.objects.count()) == (400, ["words"], 0)


def test_a_stale_save_keeps_both(desk, staff, group):
    records.edit(group, by=staff, version=group.version, words="ของเขา\nอื่น")
    page = desk.post(at("edit", group), answers_of(words="ของฉัน\nอื่น", version=group.version))
    assert (page.status_code, page.context["form"]["words"].value()) == (409, "ของฉัน\nอื่น")


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("ไกด์", [["ไกด์", "มัคคุเทศก์", "tour guide"]]),
        ("อบรมไกด์", [["อบรม"], ["ไกด์", "มัคคุเทศก์", "tour guide"]]),
        ("หาไม่พบ", None),
        ("%", []),
    ],
)
def test_a_word_may_be_tried(desk, group, typed, parts):
    asked = desk.get(LIST, {"q": typed}).context["asked"]
    assert asked == parts if parts is not None else all(len(words) == 1 for words in asked)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_of_the_database(desk, staff, rows, django_assert_num_queries):
    for n in range(rows):
        records.add(Synonyms, by=staff, words=f"ก{n}\nข{n}")
    desk.get(LIST)
    with django_assert_num_queries(5):
        assert len(desk.get(f"{LIST}?q=ก1").context["rows"]) == rows
