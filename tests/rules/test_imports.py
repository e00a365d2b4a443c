"""Files that staff bring in: who may do what, and when."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import User
from govlab.files import Attached
from govlab.history import Stale, keep
from projects.models import Import, ImportState
from projects.rules import imports

FILE = Attached("ก.xlsx", "xlsx", 1, "0" * 64)
ANSWERS = {
    "previewed": {"rows": [], "ignored": []},
    "applied": {"rows": []},
    "refuse": {"word": "เสียหาย"},
    "keep_it": {"word": "มีคนแก้"},
}


def a_file(by: User, state: str = ImportState.READ) -> Import:
    """A file in this state, with one row that would add something."""
    thing = imports.add(FILE, by=by, table="projects")
    return keep(thing, "previewed", by=by, state=state, counts={"new": 1})


@pytest.mark.parametrize("state", ImportState.values)
@pytest.mark.parametrize("verb", sorted(imports.STEPS))
def test_each_verb_leads_from_its_states_and_from_no_other(staff: User, verb: str, state: str) -> None:
    thing = a_file(staff, state)
    before, after = imports.STEPS[verb]
    history = thing.history.count()
    if state in before:
        assert getattr(imports, verb)(thing, by=staff, **ANSWERS.get(verb, {})).state == after
        return
    with pytest.raises(ValidationError):
        getattr(imports, verb)(thing, by=staff, **ANSWERS.get(verb, {}))
    thing.refresh_from_db()
    assert (thing.state, thing.history.count()) == (state, history)


@pytest.mark.parametrize("who", ["reporter", "lead", "stranger"])
@pytest.mark.parametrize("verb", imports.ASKED)
def test_only_staff_may(staff: User, request: pytest.FixtureRequest, who: str, verb: str) -> None:
    person = request.getfixturevalue(who)
    thing = a_file(staff, next(iter(imports.STEPS[verb][0])))
    assert imports.open_steps(person, thing) == []
    with pytest.raises(PermissionDenied):
        getattr(imports, verb)(thing, by=person)
    with pytest.raises(PermissionDenied):
        imports.add(FILE, by=person, table="projects")


@pytest.mark.parametrize(
    ("counts", "offered"),
    [
        ({"new": 1}, True),
        ({"changed": 2, "same": 1}, True),
        ({"same": 3}, False),
        ({"new": 1, "refused": 1}, False),
        ({}, False),
    ],
)
def test_only_what_is_whole_and_does_something_is_applied(staff: User, counts: dict[str, int], offered: bool) -> None:
    thing = keep(a_file(staff), "previewed", by=staff, state=ImportState.PREVIEWED, counts=counts)
    assert ("apply" in imports.open_steps(staff, thing)) == offered
    if not offered:
        with pytest.raises(ValidationError):
            imports.apply(thing, by=staff)


def test_a_page_that_shows_an_older_state_applies_nothing(staff: User) -> None:
    thing = a_file(staff, ImportState.PREVIEWED)
    with pytest.raises(Stale):
        imports.apply(thing, by=staff, version=thing.version - 1)


def test_a_file_that_worker_after_worker_dies_over_is_begun_no_more(staff: User) -> None:
    thing = a_file(staff)
    assert [imports.begin(thing) for _time in range(5)] == [True, True, True, False, False]
