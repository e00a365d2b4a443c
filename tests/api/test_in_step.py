"""A copy elsewhere is kept in step by what changed and what is gone, and learns of nothing it could never see."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework import serializers
from rest_framework.test import APIClient

from govlab.history import drop
from projects.api.gone import KINDS
from projects.models import Indicator, Innovation
from projects.rules import publishing
from tests import factories
from tests.api import year
from tests.api.problems import errors_of

Rows = dict[str, dict[str, Any]]


def gone_since(api: APIClient, since: dt.datetime) -> dict[str, Any]:
    """The feed of deletions."""
    found: dict[str, Any] = api.get("/api/v1/deletions/", {"since": since.isoformat()}).json()
    return found


@contextmanager
def heard() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def listen(execute: Any, sql: str, *asked: Any) -> Any:
        said.append(sql)
        return execute(sql, *asked)

    with connection.execute_wrapper(listen):
        yield said


WRITTEN = re.compile(r'(?:INSERT .*?INTO|UPDATE|DELETE FROM) "(\w+)"')
NAMED = re.compile(r'"(\w+)"')


class Copy:
    """All lists as somebody sees them, kept by their keys."""

    def __init__(self, api: APIClient) -> None:
        self.api = api
        lists = year.lists().items()
        self.doors = {path: door for path, door in lists if api.get(f"/api/v1/{path}/").status_code == 200}
        self.now: Rows = {}
        self.read_from: dict[str, set[str]] = {}
        self.rows: Rows = self.whole()

    def read(self, path: str, **asked: str) -> dict[str, dict[str, Any]]:
        """The whole list in one page."""
        rows = self.api.get(f"/api/v1/{path}/", {"page_size": "200", **asked}).json()["results"]
        key = year.key_of(self.doors[path])
        return {str(row[key]): row for row in rows}

    def whole(self, said: Sequence[str] = ()) -> Rows:
        """Every list after this was said to the database; one that reads nothing of what was written is as it was."""
        written = {table for sql in said for table in WRITTEN.findall(sql)}
        for path in self.doors:
            if path not in self.now or written & self.read_from[path]:
                with heard() as asked:
                    self.now[path] = self.read(path)
                self.read_from[path] = {*NAMED.findall(" ".join(asked))}
        return {**self.now}

    def step(self, since: dt.datetime, now: Rows) -> list[tuple[str, str]]:
        """Takes over what was gone, and what changed since: as the lists say `now`, so only where it matters."""
        gone = gone_since(self.api, since)["results"]
        for row in gone:
            self.rows.get(row["kind"], {}).pop(row["key"], None)
        for path, rows in now.items():
            if self.rows[path] != rows:
                self.rows[path] |= self.read(path, updated_since=since.isoformat())
        return [(row["kind"], row["key"]) for row in gone]


@pytest.fixture
def cast(staff: Any, reporter: Any, agency: Any, other_agency: Any) -> tuple[Any, ...]:
    """Whom the plays need."""
    return staff, reporter, agency, other_agency


PEOPLE = ["visitor", "reporter", "stranger", "staff"]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("play", year.PLAYS)
def test_a_copy_stays_in_step_through_a_year(play: str, who: str, cast: Any, call: Any, request: Any) -> None:
    api = call(None if who == "visitor" else request.getfixturevalue(who))
    steps = year.PLAYS[play](*cast)
    copy = Copy(api)
    for name, change in steps:
        since = timezone.now()
        before = {path: {*rows} for path, rows in copy.rows.items()}
        with heard() as said:
            change()
        now = copy.whole(said)
        gone = copy.step(since, now)
        assert copy.rows == now, name
        never = [(kind, key) for kind, key in gone if kind in before and key not in before[kind]]
        assert never == [], name


def test_what_was_never_seen_is_never_told_gone(cast: Any, call: Any, stranger: Any, staff: Any, agency: Any) -> None:
    since = timezone.now() - dt.timedelta(days=1)
    for _name, change in year.of_projects(*cast):
        change()
    lost = factories.make_project(staff, owner=agency, code="GL2562-77", published=False)
    publishing.remove(lost, by=staff)
    people = {"visitor": call(), "stranger": call(stranger), "staff": call(staff)}
    told = {
        name: [(row["kind"], row["key"]) for row in gone_since(api, since)["results"]] for name, api in people.items()
    }
    assert ("projects", "GL2562-77") in told["staff"]
    assert "GL2562-77" not in str((told["visitor"], told["stranger"]))
    secret = Indicator.history.get(name_th="ลับ", history_type="-")
    assert ("indicators", str(secret.id)) in told["staff"]
    assert ("indicators", str(secret.id)) not in told["visitor"]
    assert ("indicators", str(secret.id)) in told["stranger"]  # it was of a project of their own


@pytest.mark.parametrize("who", ["visitor", "stranger", "reporter"])
def test_nobody_learns_that_something_moved_which_is_not_theirs(who: str, cast: Any, call: Any, request: Any) -> None:
    reporter = request.getfixturevalue("reporter")
    api = call(None if who == "visitor" else request.getfixturevalue(who))
    steps = year.unseen(*cast)
    lists = [path for path in year.lists() if api.get(f"/api/v1/{path}/").status_code == 200]
    for name, theirs, change in steps:
        if who == "reporter" and theirs:
            continue
        since = timezone.now()
        change()
        told = {path: api.get(f"/api/v1/{path}/", {"updated_since": since.isoformat()}).json() for path in lists}
        assert {path: rows["results"] for path, rows in told.items() if rows["results"]} == {}, name
        assert gone_since(api, since)["results"] == [], name
    assert reporter.memberships.count() == 1  # who has no rights that changed is told everything anew otherwise


# --- no list may be forgotten ----------------------------------------------------------------------------------------
BACK = {"agenda-items": "follow_ups__meeting", "resolutions": "assignments__follow_ups__assignment"}
"""The paths that lead to what is told with the record anyway: the item's own meeting, the resolution's own work."""


def named_in(told: Any, model: Any, way: str = "") -> Iterator[str]:
    """The path to every other record of which a serializer tells more than its number."""
    for field in told.fields.values():
        owner, path = model, way
        for step in field.source.split("."):
            column = next((each for each in owner._meta.get_fields() if each.name == step), None)
            if column is None or not column.is_relation:
                break
            owner, path = column.related_model, f"{path}__{step}".lstrip("_")
        relation = getattr(field, "child_relation", field)
        if path == way or getattr(relation, "slug_field", "") == owner._meta.pk.name:
            continue
        yield path
        inner = getattr(field, "child", field)
        if isinstance(inner, serializers.BaseSerializer):
            yield from named_in(inner, owner, path)


@pytest.mark.parametrize("path", year.lists())
def test_every_list_that_tells_what_changed_says_of_what_and_what_went(path: str) -> None:
    door = year.lists()[path]
    model = year.model_of(path, door)
    kinds = [kind for kind in KINDS if kind.name == path]
    assert [(kind.model, kind.key) for kind in kinds] == [(model, year.key_of(door))]  # what went
    view = door(request=None, action="list", kwargs={}, format_kwarg=None)
    told = {each for each in named_in(view.get_serializer_class()(), model) if not each.startswith(BACK.get(path, "-"))}
    decides = {*kinds[0].wholes}  # what makes a record go makes it come, too
    if kinds[0].project:
        decides.add(f"{kinds[0].project}__parts".removeprefix("id__"))
    assert (told | decides) - {*door.touched} == set()
    assert hasattr(model, "history")


def test_the_moment_is_asked_for_with_its_zone(call: Any, db: None) -> None:
    never = ("", "x", "2026-11-21", "2026-11-21T09:30:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z", "\0")
    for typed in never:
        assert list(errors_of(call().get("/api/v1/deletions/", {"since": typed}))) == ["since"], typed
        assert list(errors_of(call().get("/api/v1/projects/", {"updated_since": typed}))) == ["updated_since"], typed
    assert list(errors_of(call().get("/api/v1/deletions/"))) == ["since"]
    assert call().get("/api/v1/deletions/?since=2026-11-21T09:30:00+07:00").status_code == 200
    assert call().get("/api/v1/deletions/?since=2026-11-21T09:30:00Z").status_code == 200


def test_a_long_feed_comes_in_pages(call: Any, staff: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("projects.api.deletions.MOST", 2)
    since = timezone.now()
    rows = [factories.make_innovation(staff) for _ in range(5)]
    for row in rows:
        drop(row, "remove", by=staff)
    answer = gone_since(call(), since)
    found = [row["key"] for row in answer["results"]]
    while answer["next"]:
        answer = call().get(answer["next"]).json()
        found += [row["key"] for row in answer["results"]]
    removed = Innovation.history.filter(history_type="-").order_by("history_date").values_list("id", flat=True)
    assert found == [str(pk) for pk in removed]
    assert dt.datetime.fromisoformat(answer["as_of"]) < timezone.now()
