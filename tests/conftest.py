"""The cast that every test plays with: staff, a lead and a reporter of one agency, a reporter of another."""

import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations
from rest_framework.test import APIClient

from agencies.models import Agency, Role, Scope, User
from agencies.rules import tokens
from govlab import asking, growing, sampling
from govlab.rates import RATES
from projects.models import Project
from tests import factories
from tests.pages import CheckedClient
from tests.receiver import Receiver

# They take long: two tests of each say that they work on PostgreSQL as well.
SLOW = {"test_demo.py", "test_facts.py", "test_in_step.py", "test_two_doors.py", "test_unsent.py", "test_walking.py"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks the database: the rest has just run on SQLite and would say the same again.

    Of the cases of one test, which ask the same with other values, the first and the last.
    """
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
            test = item.path.name if item.path.name in SLOW else item.nodeid.partition("[")[0]
            cases.setdefault(test, []).append(item)
    kept = {case for found in cases.values() for case in (found[0], found[-1])}
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


def pytest_collection_finish() -> None:
    """Garbage is looked for seldom: hundreds of modules are gone through for it each time."""
    gc.set_threshold(50_000)


@pytest.fixture(scope="session", autouse=True)
def _tables_may_be_emptied() -> Iterator[None]:
    """A test that commits empties all tables after itself, which the history refuses; then the guards stand again."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def unguarded(self: Any, sql_list: list[str]) -> None:
        growing.lift(self.connection)
        flush(self, sql_list)
        growing.guard(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", unguarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """What a test stores need not outlive a loss of power; that it is asked for is seen where `os.fsync` is watched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _number: None)
        yield


@pytest.fixture(autouse=True)
def _same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test counts its records alike, above the numbers that tests write themselves: none meet by chance."""
    monkeypatch.setattr(factories, "numbers", itertools.count(401))


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    RATES.clear()
    monkeypatch.setattr(sampling, "kept", sampling.Kept())
    asking.synonyms.edition = -1  # a test that is rolled back gives its edition to the next one


@pytest.fixture
def staff(db: None) -> User:
    return factories.make_staff()


@pytest.fixture
def other_staff(db: None) -> User:
    return factories.make_staff("เจ้าหน้าที่อีกคน")


@pytest.fixture
def agency(staff: User) -> Agency:
    return factories.make_agency(staff, "กรมตัวอย่าง")


@pytest.fixture
def other_agency(staff: User) -> Agency:
    return factories.make_agency(staff, "กรมอื่น")


@pytest.fixture
def reporter(agency: Agency) -> User:
    return factories.make_member(agency, name="ผู้รายงาน")


@pytest.fixture
def lead(agency: Agency) -> User:
    return factories.make_member(agency, Role.LEAD, name="หัวหน้าทีม")


@pytest.fixture
def stranger(other_agency: Agency) -> User:
    """A reporter of another agency."""
    return factories.make_member(other_agency, name="ผู้รายงานหน่วยงานอื่น")


@pytest.fixture
def visitor() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def project(staff: User, agency: Agency) -> Project:
    """A published project that `agency` owns."""
    return factories.make_project(staff, owner=agency)


@pytest.fixture
def client() -> CheckedClient:
    """A client that checks every page it gets (see tests/pages.py)."""
    return CheckedClient()


@pytest.fixture
def sign_in(client: CheckedClient) -> Any:
    """`sign_in(user)` gives the client, signed in as this person."""

    def do(user: User) -> CheckedClient:
        client.force_login(user)
        return client

    return do


@pytest.fixture
def call() -> Any:
    """`call(user)` gives an API client with the person's token of the scope; `call()` one without."""

    def do(user: User | None = None, scope: str = Scope.EVERYTHING) -> APIClient:
        api = APIClient()
        if user:
            _token, secret = tokens.make(by=user, name="ทดสอบ", days=1, scope=scope)
            api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return api

    return do


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program on this machine that is told by webhooks."""
    listening = Receiver()
    yield listening
    listening.end()
