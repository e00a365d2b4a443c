"""A database that somebody else holds locked, or that cannot grow: an answer in time, with the typed text."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections
from django.urls import reverse

from agencies.models import User
from govlab import settings as real
from projects.models import ProgressUpdate, Project
from tests.api.problems import problem_of
from tests.pages import CheckedClient
from tests.test_concurrency import _connections_of_their_own  # noqa: F401  (each test in a database file of its own)

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "แรงงานและนายจ้างรวมยี่สิบสี่คน"
TYPED = {"title": "สัมภาษณ์ผู้ใช้บริการ", "text": TEXT, "verb": "draft"}
SOON = 0.2
"""Seconds that a test waits; how long the portal does is asked of its settings."""


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else, on a connection of their own, holds the tables for as long as the block runs."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.rollback()
            other.close()
        return
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE projects_progressupdate IN EXCLUSIVE MODE")
        yield
    finally:
        other.rollback()
        other.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that waits for SOON only."""
    sqlite = connection.vendor == "sqlite"
    said = f"PRAGMA busy_timeout = {SOON * 1000:.0f}" if sqlite else f"SET lock_timeout = '{SOON}s'"
    with connection.cursor() as cursor:
        cursor.execute(said)


@pytest.fixture
def page(client: CheckedClient, reporter: User) -> CheckedClient:
    client.raise_request_exception = False
    client.force_login(reporter)
    return client


def test_the_text_comes_back_after_one_wait_and_goes_through_later(
    page: CheckedClient, project: Project, impatient: None
) -> None:
    address = reverse("workspace:update-add", args=[project.code])
    with locked():
        began = time.monotonic()
        answer = page.post(address, TYPED)
        waited = time.monotonic() - began
    assert (answer.status_code, answer["Retry-After"], ProgressUpdate.objects.count()) == (503, "10", 0)
    assert f'value="{TEXT}"' in answer.content.decode()
    assert SOON <= waited < 2 * SOON + 1  # one wait and not one for each statement
    assert page.post(address, TYPED).status_code == 302
    assert ProgressUpdate.objects.get().text == TEXT


def test_a_program_is_told_when_to_come_back(call: Any, reporter: User, project: Project, impatient: None) -> None:
    api = call(reporter)
    api.raise_request_exception = False
    with locked():
        answer = api.post("/api/v1/updates/", {"project": project.code})
    assert (problem_of(answer)["status"], answer["Retry-After"]) == (503, "10")


def test_who_only_reads_waits_for_nobody(client: CheckedClient, project: Project, impatient: None) -> None:
    with locked():
        assert client.get(reverse("public:project-detail", args=[project.code])).status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite can be told how large it may grow")
def test_a_database_that_cannot_grow_gives_the_text_back(page: CheckedClient, project: Project) -> None:
    address, long = reverse("workspace:update-add", args=[project.code]), TEXT * 300
    with connection.cursor() as cursor:
        [pages] = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        answer = page.post(address, {**TYPED, "text": long})
        cursor.execute("PRAGMA max_page_count = 1000000")
    assert (answer.status_code, ProgressUpdate.objects.count()) == (507, 0)
    assert f'value="{long}"' in answer.content.decode()
    assert page.post(address, {**TYPED, "text": long}).status_code == 302


def test_the_portal_waits_three_seconds_on_either_database() -> None:
    options = real.DATABASES["default"]["OPTIONS"]
    postgresql = "-c lock_timeout=3s -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s"
    assert options.get("timeout", 2.5) == 2.5
    assert options.get("options", postgresql) == postgresql
    assert len({"timeout", "options"} & set(options)) == 1
