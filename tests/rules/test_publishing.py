"""Publishing and hiding: who, when, twice is once; for each of the three kinds of record that staff publish."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from agencies.models import User
from projects.models.base import Published
from projects.rules import publishing
from tests import factories

KINDS: dict[str, Callable[..., Any]] = {
    "project": factories.make_project,
    "meeting": factories.make_meeting,
    "innovation": factories.make_innovation,
}
STEPS = [
    # before, verb, after, whether anything changes
    ("draft", "publish", "published", True),
    ("draft", "hide", "draft", False),
    ("published", "publish", "published", False),
    ("published", "hide", "hidden", True),
    ("hidden", "publish", "published", True),
    ("hidden", "hide", "hidden", False),
]
VERBS = {"publish": publishing.publish, "hide": publishing.hide}


def make(kind: str, state: str, by: User) -> Published:
    thing: Published = KINDS[kind](by, published=state != "draft")
    return publishing.hide(thing, by=by) if state == "hidden" else thing


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("before", "verb", "after", "moves"), STEPS)
def test_staff_move_a_record_as_drawn_and_a_second_time_changes_nothing(
    kind: str, before: str, verb: str, after: str, moves: bool, staff: User, other_staff: User
) -> None:
    thing = make(kind, before, staff)
    rows = thing.history.count()
    assert (verb in publishing.open_steps(other_staff, thing)) == moves
    assert VERBS[verb](thing, by=other_staff).state == after
    assert VERBS[verb](thing, by=other_staff).state == after
    thing.refresh_from_db()
    assert (thing.state, thing.history.count()) == (after, rows + moves)
    if moves:
        told = thing.history.first()
        assert (told.history_change_reason, told.history_user) == (verb, other_staff)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("before", ["draft", "published", "hidden"])
@pytest.mark.parametrize("person", ["visitor", "stranger", "reporter", "lead"])
def test_nobody_else_publishes_or_hides(
    person: str, before: str, kind: str, request: pytest.FixtureRequest, staff: User
) -> None:
    thing, by = make(kind, before, staff), request.getfixturevalue(person)
    rows = thing.history.count()
    assert publishing.open_steps(by, thing) == []
    for verb in VERBS.values():
        with pytest.raises(PermissionDenied):
            verb(thing, by=by)
    thing.refresh_from_db()
    assert (thing.state, thing.history.count()) == (before, rows)


def test_hiding_loses_nothing(staff: User, reporter: User, project: Any) -> None:
    factories.make_update(reporter, project, "approved", staff)
    publishing.publish(publishing.hide(project, by=staff), by=staff)
    assert (project.updates.count(), project.stages.count(), project.parts.count()) == (1, 4, 1)
