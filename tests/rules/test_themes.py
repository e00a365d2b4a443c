"""Themes: kept by the team and staff; shown is only what is answered, with a report that is approved."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Role, User
from govlab.history import Gone
from projects.models import Call, Project, Theme, Voice
from projects.rules import projects, reviews, themes
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 10)
NOW = dt.datetime(2026, 3, 10, 3, tzinfo=dt.UTC)
WHO = ("staff", "reporter", "lead", "partner", "supporter", "stranger", "visitor")
ANSWER = {"answer_th": "เพิ่มช่องบริการ", "outcome": "changed"}


@pytest.fixture
def asked(staff: User, project: Project) -> Call:
    return factories.make_call(staff, project, today=TODAY)


@pytest.fixture
def cast(staff: User, lead: User, reporter: User, stranger: User, visitor: Any, project: Project) -> dict[str, Any]:
    people = {"staff": staff, "lead": lead, "reporter": reporter, "stranger": stranger, "visitor": visitor}
    for name, part in (("partner", "partner"), ("supporter", "support")):
        other = factories.make_agency(staff)
        projects.add_part(project, by=staff, agency=other, part=part)
        people[name] = factories.make_member(other, Role.REPORTER)
    return people


def make(call: Call, by: User, title: str = "รอนาน", answered: bool = False) -> Theme:
    theme = themes.add(call, by=by, title_th=title)
    return themes.answer(theme, by=by, version=theme.version, **ANSWER) if answered else theme


ACTS: dict[str, Any] = {
    "add": lambda theme, voice, by: themes.add(theme.call, by=by, title_th="ใหม่"),
    "edit": lambda theme, voice, by: themes.edit(theme, by=by, version=theme.version, title_th="อื่น"),
    "group": lambda theme, voice, by: themes.group(theme, by=by, voices=[voice]),
    "ungroup": lambda theme, voice, by: themes.ungroup(theme, by=by, voices=[voice]),
    "answer": lambda theme, voice, by: themes.answer(theme, by=by, version=theme.version, **ANSWER),
    "show": lambda theme, voice, by: themes.show(theme, by=by),
    "unshow": lambda theme, voice, by: themes.unshow(theme, by=by),
    "move": lambda theme, voice, by: themes.move(theme, by=by, to="up"),
    "remove": lambda theme, voice, by: themes.remove(theme, by=by),
}


@pytest.mark.parametrize("verb", ACTS)
def test_the_team_and_staff_keep_themes_and_nobody_else(verb: str, cast: dict[str, Any], asked: Call) -> None:
    voice, found = factories.make_voice(asked, now=NOW), set()
    for who in WHO:
        theme = make(asked, cast["staff"], answered=True)
        try:
            ACTS[verb](theme, voice, cast[who])
            found.add(who)
        except PermissionDenied:
            assert Theme.objects.get(pk=theme.pk).version == theme.version
    assert found == {"staff", "reporter", "lead", "partner"}
    theme = make(asked, cast["staff"], answered=True)
    assert {who for who in WHO if themes.open_steps(cast[who], theme)} == found


def test_nothing_is_shown_without_an_answer_and_an_outcome(asked: Call, reporter: User) -> None:
    theme = make(asked, reporter)
    with pytest.raises(ValidationError) as refused:
        themes.show(theme, by=reporter)
    assert sorted(refused.value.message_dict) == ["answer_th", "outcome"]
    theme = themes.answer(theme, by=reporter, version=theme.version, **ANSWER)
    assert themes.show(theme, by=reporter).shown
    with pytest.raises(ValidationError):
        themes.answer(themes.show(theme, by=reporter), by=reporter, version=theme.version + 1, answer_th="", outcome="")


def test_the_report_is_an_approved_one_of_the_same_project(
    asked: Call, reporter: User, staff: User, project: Project
) -> None:
    other = factories.make_project(staff, owner=project.parts.get().agency)
    right = factories.make_update(reporter, project, "approved", staff)
    wrong = [factories.make_update(reporter, project, state, staff) for state in ("draft", "submitted", "returned")]
    wrong.append(factories.make_update(reporter, other, "approved", staff))
    theme = make(asked, reporter)
    for update in wrong:
        with pytest.raises(ValidationError) as refused:
            themes.answer(theme, by=reporter, version=theme.version, update=update, **ANSWER)
        assert list(refused.value.message_dict) == ["update"]
    theme = themes.answer(theme, by=reporter, version=theme.version, update=right, **ANSWER)
    assert themes.show(theme, by=reporter).update == right
    theme = themes.unshow(theme, by=reporter)
    reviews.take_back(right, by=staff, reason="ตัวเลขผิด")
    with pytest.raises(ValidationError) as refused:
        themes.show(theme, by=reporter)
    assert list(refused.value.message_dict) == ["update"]


def test_voices_are_sorted_many_at_once_and_only_those_of_the_call(
    asked: Call, reporter: User, staff: User, project: Project
) -> None:
    one, two, three = (factories.make_voice(asked, now=NOW) for _ in range(3))
    foreign = factories.make_voice(factories.make_call(staff, project, today=TODAY), now=NOW)
    theme = themes.add(asked, by=reporter, title_th="รอนาน", voices=[one])
    themes.group(theme, by=reporter, voices=[one, two, three])
    themes.ungroup(theme, by=reporter, voices=[two])
    with pytest.raises(ValidationError):
        themes.group(theme, by=reporter, voices=[foreign])
    with pytest.raises(ValidationError):
        themes.add(asked, by=reporter, title_th="อื่น", voices=[foreign])
    assert {voice.pk for voice in theme.voices.all()} == {one.pk, three.pk}
    assert [row.history_change_reason for row in theme.history.order_by("history_id")] == ["add", "group", "ungroup"]
    assert Theme.objects.count() == 1


def test_themes_move_one_place_and_stop_at_the_ends(asked: Call, staff: User) -> None:
    for title in "กขค":
        make(asked, staff, title)
    order = lambda: "".join(asked.themes.order_by("position").values_list("title_th", flat=True))  # noqa: E731
    found = []
    for title, to in (("ค", "up"), ("ค", "up"), ("ค", "up"), ("ก", "down"), ("ข", "down")):
        themes.move(asked.themes.get(title_th=title), by=staff, to=to)
        found.append(order())
    assert found == ["กคข", "คกข", "คกข", "คขก", "คกข"]


def test_a_theme_goes_and_its_voices_stay(asked: Call, staff: User) -> None:
    voice = factories.make_voice(asked, now=NOW)
    theme = themes.add(asked, by=staff, title_th="รอนาน", voices=[voice])
    themes.remove(theme, by=staff)
    assert (Theme.objects.count(), Voice.objects.get().text) == (0, voice.text)


def test_a_report_that_one_may_not_read_cannot_be_named(staff: User, cast: dict[str, Any]) -> None:
    """Of a project that is not public an agency reads its own reports, and no other agency's of the same project."""
    draft = factories.make_project(staff, owner=cast["lead"].memberships.get().agency, published=False)
    projects.add_part(draft, by=staff, agency=cast["partner"].memberships.get().agency, part="partner")
    report = factories.make_update(cast["reporter"], draft, "approved", staff)
    theme = make(factories.make_call(staff, draft, today=TODAY, published=False), staff)
    offered = {who: list(themes.reports_for(theme.call, cast[who])) for who in ("staff", "reporter", "partner")}
    assert offered == {"staff": [report], "reporter": [report], "partner": []}
    with pytest.raises(ValidationError) as refused:
        themes.answer(theme, by=cast["partner"], version=theme.version, update=report, **ANSWER)
    assert list(refused.value.message_dict) == ["update"]


def test_a_theme_that_is_gone_is_not_moved(asked: Call, staff: User) -> None:
    theme = make(asked, staff)
    themes.remove(theme, by=staff)
    with pytest.raises(Gone):
        themes.move(theme, by=staff, to="up")
