"""Ratings: one per visitor and project, stars that count at once, comments that staff decide about."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.models import User
from govlab.history import Stale
from projects.models import Project, Rater, Rating
from projects.rules import publishing, ratings
from projects.rules.ratings import open_steps, standing
from tests import factories

pytestmark = pytest.mark.django_db
ONE, TWO = "1" * 64, "2" * 64
VERBS: dict[str, Any] = {
    "show": ratings.show,
    "withhold": lambda row, by: ratings.withhold(row, by=by, reason="เป็นโฆษณา"),
    "wait": ratings.wait,
    "take_out": lambda row, by: ratings.take_out(row, by=by, reason="ส่งซ้ำหลายครั้ง"),
}
TABLE = {
    # where it stands: verb → where it stands then
    "waiting": {"show": "shown", "withhold": "withheld", "take_out": "out"},
    "shown": {"withhold": "withheld", "wait": "waiting", "take_out": "out"},
    "withheld": {"show": "shown", "wait": "waiting", "take_out": "out"},
    "out": {"wait": "waiting"},
    "bare": {"take_out": "out"},
}


@pytest.fixture
def rate(project: Project) -> Any:
    def do(visitor: str = ONE, stars: int = 4, comment: str = "ใช้ง่ายขึ้นมาก", **more: Any) -> Rating:
        return ratings.rate(more.pop("project", project), visitor=visitor, stars=stars, comment=comment, **more)

    return do


def bring(rating: Rating, to: str, staff: User) -> Rating:
    for verb in {"waiting": (), "bare": (), "shown": ("show",), "withheld": ("withhold",), "out": ("take_out",)}[to]:
        rating = VERBS[verb](rating, by=staff)
    return rating


def test_a_second_rating_of_the_same_visitor_replaces_the_first(rate: Any) -> None:
    first, other = rate(stars=2, comment=""), rate(TWO, stars=5)
    again = rate(stars=4, comment="")
    assert (again.pk, Rating.objects.count(), Rater.objects.count()) == (first.pk, 2, 2)
    assert sorted(Rating.objects.counted().values_list("stars", flat=True)) == [4, 5]
    assert [entry.history_user for entry in other.history.all()] == [None]
    assert list(first.history.values_list("stars", flat=True)) == [4, 2]


def test_stars_alone_take_the_comment_away_that_was_there(rate: Any, staff: User) -> None:
    first = rate(stars=4, comment="เร็วขึ้นมาก")
    again = rate(stars=2, comment="")
    assert (again.stars, again.comment, ratings.standing(again)) == (2, "", "bare")
    assert [entry.comment for entry in first.history.all()] == ["", "เร็วขึ้นมาก"]


def test_stars_alone_do_not_bring_back_what_was_taken_out(rate: Any, staff: User) -> None:
    ratings.take_out(rate(stars=1, comment="ก่อกวน"), by=staff, reason="ก่อกวน")
    assert (ratings.standing(rate(stars=1, comment="")), Rating.objects.counted().count()) == ("out", 0)


def test_one_visitor_rates_two_projects(rate: Any, staff: User) -> None:
    rate(stars=1)
    rate(stars=5, project=factories.make_project(staff))
    assert Rating.objects.count() == 2


@pytest.mark.parametrize("state", ["shown", "withheld"])
def test_a_changed_comment_waits_again_and_an_unchanged_one_keeps_its_decision(
    state: str, rate: Any, staff: User
) -> None:
    bring(rate(), state, staff)
    assert (rate(stars=1).state, rate(comment="ช้ากว่าเดิม").state) == (state, "waiting")
    assert (rate(comment="ช้ากว่าเดิม").reason, rate(comment="ช้ากว่าเดิม").decided_by) == ("", None)


def test_the_history_holds_no_mark_of_a_visitor(rate: Any) -> None:
    row = rate().history.get()
    assert ONE not in repr({field.name: getattr(row, field.attname) for field in row._meta.concrete_fields})


@pytest.mark.parametrize("state", ["draft", "hidden"])
def test_only_a_public_project_is_rated(state: str, rate: Any, staff: User) -> None:
    project = factories.make_project(staff, published=state == "hidden")
    if state == "hidden":
        publishing.hide(project, by=staff)
    with pytest.raises(ValidationError, match="ให้คะแนน"):
        rate(project=project)
    assert Rating.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"stars": 0}, "stars"),
        ({"stars": 6}, "stars"),
        ({"comment": "ก" * 1001}, "comment"),
        ({"comment": "ก" * 100_000}, "comment"),
        ({"comment": "http://a.th https://b.th www.c.th"}, "comment"),
        ({"comment": "ก\0ข"}, "comment"),
    ],
)
def test_what_is_no_rating_is_refused_at_its_field(answers: dict[str, Any], field: str, rate: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        rate(**answers)
    assert (list(refused.value.message_dict), Rating.objects.count(), Rater.objects.count()) == ([field], 0, 0)


def test_two_links_and_a_thousand_characters_are_a_comment(rate: Any) -> None:
    assert rate(comment="https://www.a.th www.b.th").comment == "https://www.a.th www.b.th"
    assert len(rate(comment="ก" * 1000).comment) == 1000


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", TABLE)
def test_each_verb_leads_where_the_table_says_and_else_changes_nothing(
    state: str, verb: str, rate: Any, staff: User
) -> None:
    rating = bring(rate(comment="" if state == "bare" else "ดี"), state, staff)
    rows = rating.history.count()
    assert sorted(open_steps(staff, rating)) == sorted(TABLE[state])
    after = VERBS[verb](rating, by=staff)
    moved = verb in TABLE[state]
    assert (standing(after), after.history.count() - rows) == (TABLE[state].get(verb, state), int(moved))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["reporter", "lead", "stranger"])
def test_nobody_but_staff_decides(who: str, verb: str, rate: Any, request: pytest.FixtureRequest) -> None:
    rating, person = rate(), request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        VERBS[verb](rating, by=person)
    assert (open_steps(person, rating), rating.history.count()) == ([], 1)


def test_withholding_keeps_the_stars_and_taking_out_does_not(rate: Any, staff: User) -> None:
    rating = rate(stars=1)
    assert Rating.objects.counted().count() == 1
    rating = ratings.withhold(rating, by=staff, reason="ระบุชื่อบุคคล")
    assert Rating.objects.counted().count() == 1
    rating = ratings.take_out(rating, by=staff, reason="ส่งซ้ำ")
    assert (Rating.objects.counted().count(), rating.comment) == (0, "")
    rating = ratings.wait(rating, by=staff)
    assert (Rating.objects.counted().count(), rating.comment, rating.reason) == (1, "ใช้ง่ายขึ้นมาก", "")


@pytest.mark.parametrize("verb", [ratings.withhold, ratings.take_out])
def test_a_reason_is_asked_for(verb: Any, rate: Any, staff: User) -> None:
    with pytest.raises(ValidationError) as refused:
        verb(rate(), by=staff, reason="  ")
    assert list(refused.value.message_dict) == ["reason"]


def test_nobody_decides_about_a_comment_that_changed_since_they_read_it(rate: Any, staff: User) -> None:
    read = rate()
    rate(comment="คำหยาบ")
    with pytest.raises(Stale):
        ratings.show(read, by=staff, version=read.version)


def test_after_a_year_it_is_forgotten_who_rated(rate: Any) -> None:
    rate()
    now = timezone.now()
    assert ratings.forget_marks(now + dt.timedelta(days=364)) == 0
    assert (ratings.forget_marks(now + dt.timedelta(days=366)), Rating.objects.count()) == (1, 1)
    rate()
    assert Rating.objects.count() == 2
