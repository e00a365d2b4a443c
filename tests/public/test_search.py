"""The pages of the search: what was found by kind, marked and counted; what is offered as one types; no dead end."""

import pytest

from projects.models import AgendaItem, Resolution
from projects.rules import publishing
from projects.rules.meetings import add_part
from projects.search import Answer, Group, search
from tests import factories

pytestmark = pytest.mark.django_db


def found(person, q, **kwargs):
    return [(hit.kind, hit.id) for hit in search(person, q, **kwargs)]


def shown(page):
    """What the page shows, as (kind, id)."""
    return [(hit.kind, hit.id) for _kind, _label, group, _list in page.context["groups"] for hit in group.hits]


def test_every_kind_is_found_kind_by_kind(client, staff, reporter, agency):
    project = factories.make_project(staff, title_th="บริหารน้ำ", owner=agency)
    aim = factories.make_project(staff, title_th="อื่น", aim_th="แจ้งปริมาณน้ำ")
    update = factories.make_update(reporter, project, "approved", staff, title="วัดน้ำแล้ว")
    meeting = factories.make_meeting(staff, title_th="ประชุมเรื่องน้ำ")
    item = add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="แผน")
    resolution = add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.1", text_th="เห็นชอบเรื่องน้ำ")
    innovation = factories.make_innovation(staff, title_th="ถังน้ำ")
    basin = factories.make_agency(staff, "กรมชลน้ำ")
    page = client.get("/search/?q=น้ำ")
    assert shown(page) == [
        ("project", project.code),
        ("project", aim.code),
        ("update", str(update.pk)),
        ("meeting", meeting.key),
        ("resolution", str(resolution.pk)),
        ("innovation", str(innovation.pk)),
        ("agency", basin.key),
    ]
    assert page.context["total"] == 7
    for hit in (hit for _kind, _label, group, _list in page.context["groups"] for hit in group.hits):
        assert client.get(hit.url.partition("#")[0]).status_code == 200
        assert f'href="{hit.url}"' in page.text


@pytest.mark.parametrize("typed", ["นํ้า", "น้ํา", "  น้ำ ", "น้ำ\u200b"])
def test_the_same_word_typed_otherwise_is_found(visitor, staff, typed):
    project = factories.make_project(staff, title_th="น้ำ")
    assert found(visitor, typed) == [("project", project.code)]


def test_the_words_are_marked_in_titles_and_excerpts_and_nothing_is_let_through(client, staff):
    factories.make_project(staff, title_th="<b>น้ำ</b>ท่วม", aim_th="ลดน้ำ<script>")
    page = client.get("/search/?q=นํ้า")
    assert "&lt;b&gt;<mark>น้ำ</mark>&lt;/b&gt;ท่วม</a>" in page.text
    assert "ลด<mark>น้ำ</mark>&lt;script&gt;" in page.text


def test_on_an_english_page_thai_is_said_to_be_thai(client, staff):
    factories.make_project(staff, title_th="น้ำ")
    assert '<span lang="th"><mark>น้ำ</mark></span></a>' in client.get("/en/search/?q=น้ำ").text


def test_what_is_hidden_is_neither_shown_nor_counted_nor_offered(client, staff, agency, lead):
    factories.make_project(staff, owner=agency, published=False, title_th="ลับเฉพาะ")
    publishing.hide(factories.make_project(staff, title_th="ลับเฉพาะ"), by=staff)
    meeting = factories.make_meeting(staff, published=False, title_th="ลับเฉพาะ")
    item = add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="ลับเฉพาะ")
    add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.1", text_th="ลับเฉพาะ")
    factories.make_innovation(staff, published=False, title_th="ลับเฉพาะ")
    hidden = factories.make_project(staff, owner=agency, published=False)
    factories.make_update(lead, hidden, "approved", staff, title="ลับเฉพาะ")
    for person in (None, staff, lead):  # whoever is signed in is a visitor here
        if person:
            client.force_login(person)
        page = client.get("/search/?q=ลับเฉพาะ")
        assert (shown(page), page.context["total"]) == ([], 0)
        for kind in ("project", "update", "meeting", "resolution", "innovation"):
            assert client.get(f"/search/?q=ลับเฉพาะ&kind={kind}").context["group"].count == 0
        assert 'href="/projects/' not in client.get("/search/suggest/?q=ลับเฉพาะ").text


def test_a_kind_has_pages_that_keep_the_words_in_the_address(client, staff):
    for _n in range(23):
        factories.make_project(staff, title_th="น้ำ")
    first = client.get("/search/?q=น้ำ")
    assert len(shown(first)) == 5
    assert 'href="?q=%E0%B8%99%E0%B9%89%E0%B8%B3&amp;kind=project"' in first.text
    pages = [client.get(f"/search/?q=น้ำ&kind=project&page={n}") for n in (1, 2)]
    assert [len(page.context["page_obj"].object_list) for page in pages] == [20, 3]
    assert len({hit.id for page in pages for hit in page.context["page_obj"].object_list}) == 23
    assert 'href="?q=%E0%B8%99%E0%B9%89%E0%B8%B3&amp;kind=project&amp;page=2"' in pages[0].text


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "1.5", "9" * 5000, "๒", "\0"])
def test_a_page_that_is_not_there_leads_to_the_first(client, staff, number):
    factories.make_project(staff, title_th="น้ำ")
    page = client.get("/en/search/", {"q": "น้ำ", "kind": "project", "page": number})
    assert page.status_code == 404
    assert "Go to its first page" in page.text


def test_an_unknown_kind_is_all_kinds(client, project):
    assert shown(client.get(f"/search/?q={project.code}&kind=secret")) == [("project", project.code)]


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "\0", "\u200b", "%", "_", "'", '"', "\\", "🙂", "' OR 1=1 --", "ก" * 10_000, "ก " * 10_000, "<script>"],
)
@pytest.mark.parametrize("path", ["/search/", "/search/?kind=project", "/search/suggest/"])
def test_anything_may_be_typed(client, project, path, typed):
    page = client.get(path, {"q": typed, **({"kind": "project"} if "kind" in path else {})})
    assert page.status_code == 200
    assert "<script>'" not in page.text


def test_percent_and_underscore_are_themselves(visitor, staff):
    factories.make_project(staff, title_th="ลดคิว")
    assert found(visitor, "%") == found(visitor, "_") == []
    project = factories.make_project(staff, title_th="ลดคิว 50%")
    assert found(visitor, "50%") == [("project", project.code)]


@pytest.mark.parametrize("path", ["/search/?q=น้ำ", "/search/?q=น้ำ&kind=project", "/search/suggest/?q=น้ำ"])
def test_a_search_costs_the_same_however_much_is_found(client, staff, path, django_assert_max_num_queries):
    costs = []
    for _n in range(3):
        factories.make_project(staff, title_th="น้ำ")
        factories.make_meeting(staff, title_th="น้ำ")
        factories.make_innovation(staff, title_th="น้ำ")
        with django_assert_max_num_queries(6) as captured:
            client.get(path)
        costs.append(len(captured))
    assert len({costs[0], costs[2]}) == 1


def test_without_words_the_page_says_what_to_type(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/en/search/")
    assert "Type one or more words" in page.text
    assert '<a href="/en/search/?q=GL2562-3">' in page.text


def test_nothing_found_is_no_dead_end(client):
    page = client.get("/en/search/?q=zzzzqqq")
    assert "Nothing found for “zzzzqqq”" in page.text
    assert '<a href="/en/projects/">See all projects</a>' in page.text
    assert '<a href="/en/search/?q=water">water</a>' in page.text
    assert "ไม่พบ “zzzzqqq”" in client.get("/search/?q=zzzzqqq").text


def test_a_mended_word_is_said(client, staff):
    project = factories.make_project(staff, title_th="การตรวจสอบใบสั่งงานมัคคุเทศก์")
    page = client.get("/search/?q=มัคคุเทษก")
    assert shown(page) == [("project", project.code)]
    if page.context["found"].instead:
        assert f"แสดงผลของ “{page.context['found'].instead}” แทน" in page.text


def test_addresses_are_in_the_language_of_the_page(client, project):
    for start in ("", "/en"):
        page = client.get(f"{start}/search/?q={project.code}")
        assert f'href="{start}/projects/{project.code}/"' in page.text


def test_what_is_offered_is_a_short_list_with_a_way_to_all(client, staff):
    for n in range(6):
        factories.make_project(staff, title_th=f"น้ำ {n}")
        factories.make_innovation(staff, title_th=f"น้ำ {n}")
        factories.make_meeting(staff, title_th=f"น้ำ {n}")
    page = client.get("/search/suggest/?q=น้ำ")
    assert [(kind, len(hits)) for kind, _label, hits in page.context["groups"]] == [
        ("project", 3),
        ("meeting", 3),
        ("innovation", 2),
    ]
    assert page.text.count('role="option"') == 9
    assert 'data-said=" พบ 18 รายการ "' in " ".join(page.text.split())
    assert 'href="/search/?q=%E0%B8%99%E0%B9%89%E0%B8%B3"' in page.text
    assert (page.headers["X-Robots-Tag"], page.cookies) == ("noindex", {})
    assert "<html" not in page.text


def test_the_box_stands_on_every_public_page_and_not_at_the_desk(client, sign_in, staff, project):
    for path in ("/", "/projects/", f"/projects/{project.code}/", "/search/", "/about/", "/projects/none/"):
        page = client.get(path)
        assert page.text.count('role="search"') == 1, path
        assert page.text.count('data-suggest="/search/suggest/"') == 1, path
    assert "data-suggest" not in sign_in(staff).get("/desk/").text


def test_a_wide_count_is_said_as_more_than(client, monkeypatch):
    wide = Answer("น้ำ", [Group("project", 1000, True)], ["น้ำ"])
    monkeypatch.setattr("projects.public.search.answer", lambda *args, **kwargs: wide)
    for path in ("/search/?q=น้ำ", "/search/?q=น้ำ&kind=project", "/search/suggest/?q=น้ำ"):
        assert "พบมากกว่า 1,000 รายการ" in client.get(path).text
