"""The queue of comments on projects."""

from typing import Any

import pytest

from agencies.models import User
from projects.models import Project, Rating
from projects.rules import ratings
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in: Any, staff: User) -> CheckedClient:
    return sign_in(staff)


def rate(project: Project, n: int = 1, comment: str = "ดี") -> Rating:
    return ratings.rate(project, visitor=f"{n:064d}", stars=4, comment=comment)


def key(answer: Any) -> str:
    return str(answer.context["form_key"])


def test_comments_wait_the_longest_first_and_bare_stars_do_not(desk: CheckedClient, project: Project) -> None:
    rows = [rate(project, n, f"ความเห็น {n}") for n in range(3)]
    rate(project, 9, "")
    page = desk.get("/desk/ratings/")
    assert [row.pk for row, _steps in page.context["rows"]] == [row.pk for row in rows]
    assert page.context["comments_count"] == 3
    assert [len(desk.get(f"/desk/ratings/?state={state}").context["rows"]) for state in ("bare", "shown", "x")] == [
        1,
        0,
        3,
    ]


def test_an_empty_queue_says_what_will_be_here(desk: CheckedClient) -> None:
    assert "ไม่มีความเห็นรอพิจารณา" in desk.get("/desk/ratings/").content.decode()


def test_one_click_shows_a_comment_and_the_second_finds_it_shown(desk: CheckedClient, project: Project) -> None:
    rating = rate(project)
    form = {"form_key": key(desk.get("/desk/ratings/")), "version": str(rating.version)}
    for _n in range(2):
        assert desk.post(f"/desk/ratings/{rating.pk}/show/", form).headers["Location"] == "/desk/ratings/"
    rating.refresh_from_db()
    assert (rating.state, rating.history.count()) == ("shown", 2)


def test_a_comment_that_changed_since_is_not_shown_unread(desk: CheckedClient, project: Project) -> None:
    rating = rate(project)
    form = {"form_key": key(desk.get("/desk/ratings/")), "version": str(rating.version)}
    rate(project, comment="คำหยาบ")
    desk.post(f"/desk/ratings/{rating.pk}/show/", form)
    rating.refresh_from_db()
    assert rating.state == "waiting"


@pytest.mark.parametrize(("verb", "counted"), [("withhold", 1), ("take-out", 0)])
def test_a_reason_is_asked_for_and_kept(verb: str, counted: int, desk: CheckedClient, project: Project) -> None:
    rating = rate(project)
    url = f"/desk/ratings/{rating.pk}/{verb}/"
    page = desk.get(url)
    form = {"form_key": key(page), "version": str(rating.version), "reason": ""}
    assert desk.post(url, form).status_code == 400
    assert desk.post(url, {**form, "reason": "ระบุชื่อบุคคล"}).headers["Location"] == "/desk/ratings/"
    rating.refresh_from_db()
    assert (rating.state, rating.reason, Rating.objects.counted().count()) == ("withheld", "ระบุชื่อบุคคล", counted)
    desk.post(f"/desk/ratings/{rating.pk}/wait/", {"version": str(rating.version)})
    assert Rating.objects.waiting().count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_for_three_as_for_one(
    rows: int, desk: CheckedClient, project: Project, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        rate(project, n)
    with django_assert_num_queries(6):
        desk.get("/desk/ratings/")
