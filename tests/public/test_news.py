"""News tell what really happened and nothing unpublished: on their page, in the feeds, in both languages."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from agencies.models import Agency, User
from govlab.history import keep
from projects import happened, news
from projects.models import Call, Meeting, Project, Theme
from projects.rules import publishing, reviews
from tests import factories
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db
CANARY = "kanarienvogel"
A = "{http://www.w3.org/2005/Atom}"
TODAY = timezone.localdate()
FEEDS = ("all", "cohorts/2562", "projects/{code}", "agencies/{key}")


def make_call(
    staff: User, project: Project, *, question: str = "รอนานไหม", state: str = "published", **more: Any
) -> Call:
    days = {"opens_on": TODAY, "closes_on": TODAY + dt.timedelta(days=9), **more}
    call = keep(Call(project=project, stage_number=2, question_th=question, use_th="ปรับแบบ", **days), "add", by=staff)
    return keep(call, "publish", by=staff, state=state) if state != "draft" else call


def make_theme(staff: User, call: Call, *, shown: bool = True, title: str = "คิวเปิดแต่เช้า") -> Theme:
    theme = keep(Theme(call=call, title_th=title, answer_th="เปิดบ่ายด้วย", outcome="changed"), "add", by=staff)
    return keep(theme, "show", by=staff, shown=True) if shown else theme


def adopt(staff: User, meeting: Meeting) -> Meeting:
    return keep(meeting, "adopt", by=staff, phase="adopted", adopted_on=dt.date(2019, 2, 1))


@pytest.fixture
def everything(staff: User, reporter: User, agency: Agency, project: Project) -> dict[str, Any]:
    """One thing of each kind that happened."""
    meeting = factories.make_meeting(staff, hosts=[agency])
    meeting = keep(meeting, "hold", by=staff, phase="held")
    call = make_call(staff, project)
    return {
        "project": project,
        "update": factories.make_update(reporter, project, "approved", staff),
        "innovation": factories.make_innovation(staff, agency=agency),
        "meeting": meeting,
        "minutes": adopt(staff, meeting),
        "call": call,
        "theme": make_theme(staff, call),
    }


def told(**narrowed: Any) -> list[str]:
    return sorted(entry.name for entry in news.latest(None, 99, **narrowed))


# --- what is news ----------------------------------------------------------------------------------------------------
def test_each_thing_that_happened_is_one_entry(everything: dict[str, Any]) -> None:
    assert told() == sorted(f"{kind}/{thing.pk}" for kind, thing in everything.items())
    assert set(everything) == set(news.KINDS) == set(happened.SOURCES)


def test_an_entry_leads_to_where_it_is_read(client: CheckedClient, everything: dict[str, Any]) -> None:
    for entry in news.latest(None, 99):
        path, _mark, anchor = entry.url.partition("#")
        page = client.get(path)
        assert (page.status_code, entry.kind) == (200, entry.kind)
        assert anchor.startswith("theme") or not anchor or f'id="{anchor}"' in page.content.decode()


Undo = Callable[[User, dict[str, Any]], Any]
UNDONE: dict[str, tuple[Undo, set[str]]] = {
    # what is done → which entries are left out then
    "the project is hidden": (
        lambda by, it: publishing.hide(it["project"], by=by),
        {"project", "update", "call", "theme"},
    ),
    "the report is taken back": (lambda by, it: reviews.take_back(it["update"], by=by, reason="แก้ตัวเลข"), {"update"}),
    "the innovation is hidden": (lambda by, it: publishing.hide(it["innovation"], by=by), {"innovation"}),
    "the meeting is hidden": (lambda by, it: publishing.hide(it["minutes"], by=by), {"meeting", "minutes"}),
    "the minutes are reopened": (lambda by, it: keep(it["minutes"], "reopen", by=by, phase="drafted"), {"minutes"}),
    "the call is hidden": (lambda by, it: keep(it["call"], "hide", by=by, state="hidden"), {"call", "theme"}),
    "the theme is hidden": (lambda by, it: keep(it["theme"], "hide", by=by, shown=False), {"theme"}),
}


@pytest.mark.parametrize("case", UNDONE)
def test_what_is_no_longer_public_is_no_longer_news(case: str, everything: dict[str, Any], staff: User) -> None:
    undo, gone = UNDONE[case]
    undo(staff, everything)
    assert {entry.kind for entry in news.latest(None, 99)} == set(news.KINDS) - gone


def test_what_is_not_public_was_never_news(staff: User, reporter: User, agency: Agency, project: Project) -> None:
    before = told()
    for state in ("draft", "submitted", "returned"):
        factories.make_update(reporter, project, state, staff, title=CANARY)
    factories.make_update(
        reporter, factories.make_project(staff, owner=agency, published=False), "approved", staff, title=CANARY
    )
    factories.make_innovation(staff, published=False, title_th=CANARY)
    factories.make_meeting(staff, published=False, title_th=CANARY)
    factories.make_meeting(staff, title_th="ยังไม่ถึงวัน", starts_on=TODAY + dt.timedelta(days=5))
    make_call(staff, project, question=CANARY, state="draft")
    make_call(staff, project, question="ยังไม่เปิด", opens_on=TODAY + dt.timedelta(days=3))
    opened = make_call(staff, project)
    make_theme(staff, opened, shown=False, title=CANARY)
    assert told() == sorted([*before, f"call/{opened.pk}"])


def test_an_innovation_of_a_hidden_project_does_not_name_it(staff: User, agency: Agency) -> None:
    draft = factories.make_project(staff, owner=agency, published=False, title_th=CANARY)
    made = factories.make_innovation(staff, project=draft)
    (entry,) = news.latest(None, 9, kind="innovation")
    assert (entry.pk, entry.project, CANARY in repr(entry)) == (str(made.pk), "", False)
    assert told(project=draft.code) == []


def test_they_are_narrowed_to_a_project_a_cohort_an_agency(everything: dict[str, Any], staff: User) -> None:
    other = factories.make_agency(staff)
    factories.make_project(staff, owner=other, year=2561)
    project, agency = everything["project"], everything["update"].agency
    kinds = {
        "project": {"project", "update", "call", "theme"},
        "agency": {"project", "update", "call", "theme", "innovation", "meeting", "minutes"},
    }
    assert {entry.kind for entry in news.latest(None, 99, project=project.code)} == kinds["project"]
    assert {entry.kind for entry in news.latest(None, 99, cohort=2562)} == kinds["project"]
    assert {entry.kind for entry in news.latest(None, 99, agency=agency.key)} == kinds["agency"]
    assert ([len(told(cohort=2561)), len(told(agency=other.key))], told(project="GL2599-9")) == ([1, 1], [])


def test_it_is_new_from_the_moment_it_could_be_read(staff: User) -> None:
    """A meeting of years ago that is published now is news now, under its own day."""
    meeting = factories.make_meeting(staff, published=False, starts_on=dt.date(2019, 1, 11))
    before = timezone.now()
    assert told(since=before - dt.timedelta(days=4000)) == []
    keep(meeting, "hold", by=staff, phase="held")
    publishing.publish(Meeting.objects.get(pk=meeting.pk), by=staff)
    (entry,) = news.latest(None, 9, since=before)
    assert (entry.on, entry.at > before, told(since=entry.at + dt.timedelta(seconds=1))) == (
        dt.date(2019, 1, 11), True, [],
    )  # fmt: skip


def test_publishing_again_is_no_news(staff: User, project: Project) -> None:
    (first,) = news.latest(None, 9)
    publishing.publish(publishing.hide(project, by=staff), by=staff)
    assert [entry.at for entry in news.latest(None, 9)] == [first.at]


def test_what_the_documents_brought_in_is_no_news_but_their_meetings_are_under_their_days() -> None:
    robot = factories.make_user(is_staff=True)
    robot.email = "facts@govlab.invalid"
    robot.save()
    factories.make_project(robot)
    factories.make_innovation(robot)
    keep(factories.make_meeting(robot), "hold", by=robot, phase="held")
    (entry,) = news.latest(None, 9)
    assert (entry.kind, entry.on, timezone.localdate(entry.at)) == (
        "meeting",
        dt.date(2019, 1, 11),
        dt.date(2019, 1, 11),
    )


# --- the page --------------------------------------------------------------------------------------------------------
def test_the_page_goes_month_by_month_and_by_kind(client: CheckedClient, everything: dict[str, Any]) -> None:
    page = client.get("/news/").content.decode()
    months = re.findall(r"<h2>([^<]*)</h2>", page)
    assert months[1:] == ["มิถุนายน 2562", "กุมภาพันธ์ 2562", "มกราคม 2562"]
    assert "June 2019" in client.get("/en/news/").content.decode()
    only = client.get("/news/?kind=update")
    assert [entry.kind for _month, entries in only.context["months"] for entry in entries] == ["update"]
    assert [client.get(f"/news/{query}").status_code for query in ("?kind=x", "?page=2", "?page=x")] == [404] * 3


def test_an_empty_page_says_what_will_be_here(client: CheckedClient, db: None) -> None:
    assert "ยังไม่มีความเคลื่อนไหว" in client.get("/news/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_two_queries(
    rows: int, client: CheckedClient, staff: User, django_assert_num_queries: Any
) -> None:
    for _n in range(rows):
        factories.make_project(staff)
    with django_assert_num_queries(2):
        client.get("/news/")


# --- the feeds -------------------------------------------------------------------------------------------------------
def feed(client: Any, path: str) -> tuple[Any, Any]:
    answer = client.get(f"/feeds/{path}.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return answer, ET.fromstring(answer.content)


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(("prefix", "language"), [("", "th"), ("/en", "en")])
def test_each_feed_is_valid_atom(
    path: str, prefix: str, language: str, client: CheckedClient, everything: dict[str, Any]
) -> None:
    path = path.format(code=everything["project"].code, key=everything["update"].agency.key)
    answer = client.get(f"{prefix}/feeds/{path}.atom")
    root = ET.fromstring(answer.content)
    assert (root.tag, root.attrib["{http://www.w3.org/XML/1998/namespace}lang"]) == (f"{A}feed", language)
    entries = root.findall(f"{A}entry")
    ids = [element.text for element in root.iter(f"{A}id")]
    assert (len(entries) > 0, len(ids), len(set(ids))) == (True, len(entries) + 1, len(entries) + 1)
    assert all(re.fullmatch(r"tag:127\.0\.0\.1,2018:[a-z/0-9A-Z-]+", str(each)) for each in ids)
    stamps = [str(element.text) for element in root.iter(f"{A}updated")]
    assert len(stamps) == len(entries) + 1
    assert (stamps[0], stamps[1:]) == (max(stamps), sorted(stamps[1:], reverse=True))
    assert all(dt.datetime.fromisoformat(stamp).tzinfo for stamp in stamps)
    for one in (root, *entries):
        assert one.findtext(f"{A}title")
        assert one.find(f"{A}link").attrib["href"].startswith("http://testserver/")
    assert root.find(f"{A}link[@rel='self']").attrib["href"] == f"http://testserver{prefix}/feeds/{path}.atom"
    assert root.findtext(f"{A}author/{A}name")
    # What tells nothing has no summary; an empty one would be an entry of nothing.
    assert {entry.findtext(f"{A}summary") for entry in entries}.isdisjoint({"", "<p></p>"})


def test_an_entry_about_which_nothing_is_told_has_no_summary(client: CheckedClient, staff: User) -> None:
    factories.make_innovation(staff, title_th="เล่า", about_th="มีเรื่อง")
    factories.make_innovation(staff, title_th="ไม่เล่า")
    _answer, root = feed(client, "all")
    told = {
        str(entry.findtext(f"{A}title")): [element.text for element in entry.findall(f"{A}summary")]
        for entry in root.findall(f"{A}entry")
    }
    assert [told[title] for title in sorted(told)] == [["<p>มีเรื่อง</p>"], []]


def test_an_id_is_one_entry_in_one_language_and_stays_through_changes(
    client: CheckedClient, everything: dict[str, Any], staff: User
) -> None:
    def ids(prefix: str) -> list[str]:
        found = ET.fromstring(client.get(f"{prefix}/feeds/all.atom").content)
        return sorted(str(entry.findtext(f"{A}id")) for entry in found.findall(f"{A}entry"))

    before = ids("")
    keep(everything["project"], "edit", by=staff, title_th="ชื่อใหม่")
    assert ids("") == before
    assert [each.removesuffix("/en") for each in ids("/en")] == [each.removesuffix("/th") for each in before]
    assert set(ids("/en")).isdisjoint(before)


def test_what_people_typed_stays_text_in_a_feed(
    client: CheckedClient, staff: User, reporter: User, project: Project
) -> None:
    factories.make_update(reporter, project, "approved", staff, title="<b>&เด่น", text="<script>alert(1)</script>")
    _answer, root = feed(client, "all")
    titles = [entry.findtext(f"{A}title") for entry in root.findall(f"{A}entry")]
    summaries = "".join(str(entry.findtext(f"{A}summary")) for entry in root.findall(f"{A}entry"))
    assert ("ความคืบหน้า: <b>&เด่น" in titles, "<script" in summaries) == (True, False)
    assert "&lt;script&gt;" in summaries


def test_an_empty_feed_is_the_same_each_time(client: CheckedClient, db: None) -> None:
    answers = [feed(client, "all")[0].content for _n in range(2)]
    assert answers[0] == answers[1]
    assert b"2018-01-01" in answers[0]


@pytest.mark.parametrize("path", ["cohorts/2599", "projects/GL2599-9", "agencies/no-such"])
def test_there_is_no_feed_of_what_is_not_there(path: str, client: CheckedClient, project: Project) -> None:
    assert client.get(f"/feeds/{path}.atom").status_code == 404


def test_there_is_no_feed_of_what_is_not_public(client: CheckedClient, staff: User, project: Project) -> None:
    publishing.hide(project, by=staff)
    assert client.get(f"/feeds/projects/{project.code}.atom").status_code == 404


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/news/"])
def test_no_canary_sings_in_the_news(
    path: str, client: CheckedClient, staff: User, reporter: User, agency: Agency
) -> None:
    draft = factories.make_project(staff, owner=agency, published=False, title_th=CANARY, aim_th=CANARY)
    public = factories.make_project(staff, owner=agency)
    factories.make_update(reporter, draft, "approved", staff, title=CANARY)
    for state in ("draft", "submitted", "returned", "approved"):
        words = {} if state == "approved" else {"title": CANARY, "text": CANARY}
        factories.make_update(reporter, public, state, staff, obstacles=CANARY, planned=CANARY, **words)
    meeting = adopt(staff, factories.make_meeting(staff))
    keep(meeting, "edit", by=staff, adoption_note=CANARY, letter_number=CANARY, projects=[draft])
    factories.make_innovation(staff, project=draft, agency=agency)
    for prefix in ("", "/en"):
        page = client.get(prefix + path).content.decode()
        assert (CANARY in page, draft.code in page, public.code in page) == (False, False, True)


def test_a_page_leads_to_its_feed(client: CheckedClient, everything: dict[str, Any]) -> None:
    project, agency = everything["project"], everything["update"].agency
    own = {
        f"/projects/{project.code}/": f"/feeds/projects/{project.code}.atom",
        f"/agencies/{agency.key}/": f"/feeds/agencies/{agency.key}.atom",
        "/cohorts/2562/": "/feeds/cohorts/2562.atom",
        "/": "/feeds/all.atom",
        "/news/": "/feeds/all.atom",
    }
    for path, wanted in own.items():
        page = client.get(path).content.decode()
        found = re.findall(r'<link rel="alternate"\s+type="application/atom\+xml"[^>]*href="([^"]*)"', page)
        assert wanted in found, path
