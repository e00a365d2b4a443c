"""Searching: every word, in any spelling of the same letters, only what may be seen."""

import pytest

from projects.models import AgendaItem, Resolution
from projects.rules.meetings import add_part
from projects.search import excerpt, search
from tests import factories

pytestmark = pytest.mark.django_db


def found(person, q, **kwargs):
    return [(hit.kind, hit.id) for hit in search(person, q, **kwargs)]


def test_every_kind_is_found_and_titles_come_first(visitor, staff):
    aim = factories.make_project(staff, title_th="อื่น", aim_th="แจ้งปริมาณน้ำ")
    title = factories.make_project(staff, title_th="บริหารน้ำ")
    agency = factories.make_agency(staff, "กรมชลน้ำ")
    meeting = factories.make_meeting(staff, title_th="ประชุมเรื่องน้ำ")
    innovation = factories.make_innovation(staff, title_th="ถังน้ำ")
    assert found(visitor, "น้ำ") == [
        ("project", title.code),
        ("agency", agency.key),
        ("meeting", meeting.key),
        ("innovation", str(innovation.pk)),
        ("project", aim.code),
    ]


@pytest.mark.parametrize("typed", ["นํ้า", "น้ํา", "  น้ำ ", "น้ำ\u200b"])
def test_the_same_word_typed_otherwise_is_found(visitor, staff, typed):
    project = factories.make_project(staff, title_th="น้ำ")
    assert found(visitor, typed) == [("project", project.code)]


def test_all_words_must_be_there(visitor, staff):
    both = factories.make_project(staff, title_th="แรงงานต่างด้าว", aim_th="รายงานตัว 90 วัน")
    factories.make_project(staff, title_th="แรงงานในระบบ")
    assert found(visitor, "แรงงาน ๙๐ วัน") == [("project", both.code)]
    assert found(visitor, "แรงงาน ไม่มีคำนี้") == []


def test_a_meeting_is_found_by_its_agenda_and_resolutions(visitor, staff):
    meeting = factories.make_meeting(staff, title_th="ประชุม")
    item = add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="แผนปีหน้า")
    add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.2", text_th="ทดลอง Regulatory Sandbox")
    (hit,) = search(visitor, "sandbox")
    assert (hit.id, hit.excerpt) == (meeting.key, "1.1 ทดลอง Regulatory Sandbox")
    assert found(visitor, "แผนปี") == [("meeting", meeting.key)]


def test_what_may_not_be_seen_is_not_found(visitor, reporter, stranger, staff, agency):
    project = factories.make_project(staff, owner=agency, published=False, title_th="ลับ")
    meeting = factories.make_meeting(staff, published=False, title_th="ลับ")
    item = add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="ลับมาก")
    add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.1", text_th="ลับมาก")
    innovation = factories.make_innovation(staff, published=False, title_th="ลับ")
    assert found(visitor, "ลับ") == found(stranger, "ลับ") == []
    assert found(reporter, "ลับ") == [("project", project.code)]
    assert found(staff, "ลับ") == [
        ("project", project.code),
        ("meeting", meeting.key),
        ("innovation", str(innovation.pk)),
    ]


@pytest.mark.parametrize("typed", ["", "   ", "\0", "\u200b", "%", "_", "'", '"', "\\", "ก" * 10_000, "ก " * 10_000])
def test_anything_may_be_typed(client, project, typed):
    assert client.get("/search/", {"q": typed}).status_code == 200


def test_percent_and_underscore_are_themselves(visitor, staff):
    factories.make_project(staff, title_th="ลดคิว")
    assert found(visitor, "%") == found(visitor, "_") == []
    project = factories.make_project(staff, title_th="ลดคิว 50%")
    assert found(visitor, "50%") == [("project", project.code)]


def test_the_limit_holds_over_all_kinds(visitor, staff):
    for _n in range(4):
        factories.make_project(staff, title_th="น้ำ")
        factories.make_innovation(staff, title_th="น้ำ")
    assert [kind for kind, _id in found(visitor, "น้ำ", limit=5)] == ["project"] * 4 + ["innovation"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_costs_six_queries(client, staff, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_project(staff, title_th="น้ำ")
        factories.make_meeting(staff, title_th="น้ำ")
        factories.make_innovation(staff, title_th="น้ำ")
    with django_assert_num_queries(6):
        page = client.get("/search/?q=น้ำ")
    assert len(page.context["hits"]) == 3 * rows


def test_without_words_the_page_says_what_to_type(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/en/search/")
    assert "Type one or more words" in page.text
    assert '<a href="/en/search/?q=GL2562-3">' in page.text


def test_nothing_found_leads_to_the_lists(client):
    page = client.get("/en/search/?q=zzzz")
    assert "Nothing found" in page.text
    assert '<a href="/en/projects/">See all projects</a>' in page.text


def test_addresses_are_in_the_language_of_the_page(client, project):
    assert [hit.url for _kind, hit in client.get(f"/search/?q={project.code}").context["hits"]] == [
        f"/projects/{project.code}/"
    ]
    assert [hit.url for _kind, hit in client.get(f"/en/search/?q={project.code}").context["hits"]] == [
        f"/en/projects/{project.code}/"
    ]


def test_an_excerpt_is_cut_around_the_word_and_never_before_a_mark():
    text = "ก" * 300 + "น้ำท่วม" + "ก้" * 300
    cut = excerpt(["อื่น", text], ["น้ำ"])
    assert cut.startswith("…ก") and cut.endswith("ก้…")
    assert "น้ำท่วม" in cut
    assert excerpt(["", "สั้น"], ["ไม่มี"]) == "สั้น"
    assert excerpt([], ["ก"]) == ""
