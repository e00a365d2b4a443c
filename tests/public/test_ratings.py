"""Visitors rate a project without an account and without a cookie; the project's page adds up what they gave."""

import re
from typing import Any

import pytest
from django.template import engines
from django.test import Client

from agencies.models import User
from govlab.gather import gather
from projects.models import Project, Rater, Rating
from projects.public.ratings import beside_project
from projects.rules import publishing, ratings
from tests import factories, visitors
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db
MARK = "{:064d}"


@pytest.fixture
def url(project: Project) -> str:
    return f"/projects/{project.code}/rate/"


def rate(project: Project, n: int, stars: int, comment: str = "") -> Rating:
    return ratings.rate(project, visitor=MARK.format(n), stars=stars, comment=comment)


def part(project: Project, person: Any = None) -> str:
    """The part of the project's page, as its template draws it."""
    source = '{% include "public/ratings/_on_project.html" %}'
    beside = gather(*beside_project(project, person))
    return engines["django"].from_string(source).render({"beside": beside, "project": project})


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- the form --------------------------------------------------------------------------------------------------------
def test_a_visitor_rates_and_is_thanked(client: CheckedClient, url: str, project: Project) -> None:
    page = client.get(url).content.decode()
    assert re.findall(r'type="radio"[^>]*value="(\d)"', page) == ["1", "2", "3", "4", "5"]
    assert [word in page for word in ("ต้องปรับปรุงมาก", "ควรปรับปรุง", "พอใช้", "ดีมาก")] == [True] * 4
    answer = visitors.post(client, url, stars="4", comment="ไม่ต้องลางาน")
    assert (answer.status_code, answer.headers["Location"], dict(answer.cookies)) == (302, f"{url}?sent=1", {})
    assert "ขอบคุณ" in client.get(f"{url}?sent=1").content.decode()
    rating = Rating.objects.get()
    assert (rating.stars, rating.comment, rating.state, rating.language) == (4, "ไม่ต้องลางาน", "waiting", "th")


def test_a_link_chooses_the_stars_beforehand_and_nonsense_chooses_none(client: CheckedClient, url: str) -> None:
    for asked, chosen in (("4", ["4"]), ("9", []), ("x", []), ("", [])):
        page = client.get(f"{url}?stars={asked}").content.decode()
        assert re.findall(r'value="(\d)"[^>]*\schecked', page) == chosen


def test_the_same_visitor_rates_once_and_another_browser_is_another(client: CheckedClient, url: str) -> None:
    for stars in ("2", "5"):
        visitors.post(client, url, stars=stars)
    assert list(Rating.objects.values_list("stars", flat=True)) == [5]
    other = Client(headers={"User-Agent": "another browser"})
    assert visitors.post(other, url, stars="1").status_code == 302
    assert (Rating.objects.count(), len({len(row.visitor) for row in Rater.objects.all()})) == (2, 1)


def test_the_same_form_twice_is_one_rating(client: CheckedClient, url: str) -> None:
    sent = {**visitors.tokens(client.get(url)), "stars": "4", "comment": "ดี"}
    answers = [client.post(url, sent, headers={"Sec-Fetch-Site": "same-origin"}) for _n in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"{url}?sent=1"] * 2
    assert Rating.objects.get().history.count() == 1


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"comment": "ดี"}, "โปรดเลือกคะแนน 1–5 ดาว"),
        ({"stars": "6"}, "6"),
        ({"stars": "4", "comment": "ก" * 1001}, "1,001"),
        ({"stars": "4", "comment": "http://a http://b http://c"}, "ลิงก์เกิน 2 ลิงก์"),
        ({"stars": "4", "website": "x"}, "เว้นว่าง"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    answers: dict[str, str], says: str, client: CheckedClient, url: str
) -> None:
    answer = visitors.post(client, url, **answers)
    page = answer.content.decode()
    assert (answer.status_code, says in page or says == "เว้นว่าง", Rating.objects.count()) == (400, True, 0)
    assert answers.get("comment", "") in page


def test_a_form_of_another_site_rates_nothing(client: CheckedClient, url: str) -> None:
    answer = visitors.post(client, url, stars="1", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, Rating.objects.count()) == (403, 0)


def test_one_address_sends_twenty_in_an_hour(client: CheckedClient, staff: User) -> None:
    codes = [factories.make_project(staff).code for _n in range(21)]
    seen = [visitors.post(client, f"/projects/{code}/rate/", stars="3").status_code for code in codes]
    assert seen == [302] * 20 + [429]


@pytest.mark.parametrize("state", ["draft", "hidden", "nowhere"])
def test_what_is_not_public_cannot_be_rated(state: str, client: CheckedClient, staff: User) -> None:
    project = factories.make_project(staff, published=state == "hidden")
    if state == "hidden":
        publishing.hide(project, by=staff)
    url = f"/projects/{'GL2599-9' if state == 'nowhere' else project.code}/rate/"
    assert [client.get(url).status_code, client.get(f"{url}?sent=1").status_code, client.post(url).status_code] == [
        404
    ] * 3


# --- what the project's page shows -----------------------------------------------------------------------------------
def test_without_ratings_it_says_so(project: Project) -> None:
    html = part(project)
    assert "ยังไม่มีคะแนน" in html
    assert re.findall(r"stars=(\d)", html) == ["1", "2", "3", "4", "5"]


def test_the_average_has_one_decimal_and_every_bar_its_number(project: Project) -> None:
    for n, stars in enumerate((5, 5, 4, 1)):
        rate(project, n, stars)
    html = part(project)
    assert "3.8 จาก 5 · 4 คนให้คะแนน" in words(html)
    assert re.findall(r'class="on" width="(\d+)"', html) == ["50", "25", "0", "0", "25"]
    assert re.findall(r"(\d) ดาว : (\d)", words(html)) == [("5", "2"), ("4", "1"), ("3", "0"), ("2", "0"), ("1", "1")]


def test_only_shown_comments_stand_there_and_what_was_typed_stays_text(project: Project, staff: User) -> None:
    rows = [rate(project, n, 4, f"<b>ความเห็น {n}</b>") for n in range(4)]
    ratings.show(rows[0], by=staff)
    ratings.withhold(rows[1], by=staff, reason="ชื่อบุคคล")
    ratings.take_out(rows[2], by=staff, reason="ก่อกวน")
    for person in (None, staff):
        html = part(project, person)
        assert (re.findall(r"ความเห็น (\d)", html), "<b>ความเห็น" in html) == (["0"], False)
        assert "3 คนให้คะแนน" in words(html)


@pytest.mark.parametrize("rows", [1, 3, 9])
def test_it_costs_one_query_however_many_rate(
    rows: int, project: Project, staff: User, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        ratings.show(rate(project, n, 1 + n % 5, f"ความเห็น {n}"), by=staff)
    with django_assert_num_queries(1):
        found = gather(*beside_project(project, None))
    assert [line.name_th for line in found["comments"]] == [f"ความเห็น {n}" for n in range(rows)][-5:]


def test_one_address_is_believed_to_be_five_visitors_of_a_project_a_day(
    client: Client, url: str, staff: User, project: Project
) -> None:
    """What browser somebody has they say themselves: whoever says another each time is not another each time."""

    def rated(at: str, browser: str, stars: int = 1) -> int:
        headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": browser}
        return visitors.post(client, at, stars=stars, headers=headers).status_code

    assert [rated(url, f"browser {n}") for n in range(7)] == [302] * 5 + [400] * 2
    assert rated(url, "browser 3", 5) == 302  # one's own may be changed
    other = factories.make_project(staff)
    assert rated(f"/projects/{other.code}/rate/", "browser 9") == 302
    assert sorted(project.ratings.values_list("stars", flat=True)) == [1, 1, 1, 1, 5]
