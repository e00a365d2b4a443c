"""The edition's number among several writers at the same moment: exact whatever the order in which they commit."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.db.models import Max

from govlab import edition
from govlab.models import Edition
from tests.test_concurrency import _connections_of_their_own, at_once  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("number", ["sum", "highest"])
def test_two_writers_that_commit_in_the_other_order_give_two_numbers(number):
    """The highest number, the naive twin, does not change when the writer that was first to ask commits last."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one write at a time")
    Edition.objects.create()
    asked, other_done = threading.Event(), threading.Event()
    naive = lambda: Edition.objects.aggregate(n=Max("pk"))["n"]  # noqa: E731
    current = edition.current if number == "sum" else naive

    def first() -> None:
        with transaction.atomic():
            edition.move_on()
            asked.set()
            other_done.wait(20)
        connections.close_all()

    writer = threading.Thread(target=first)
    writer.start()
    assert asked.wait(20)
    edition.move_on()  # the second: asked later, committed now
    between = current()
    other_done.set()
    writer.join(20)
    assert (current() == between) == (number == "highest")


def test_every_commit_of_many_writers_at_once_counts():
    before = edition.current()

    def write() -> None:
        for _n in range(5):
            edition.move_on()

    assert at_once([write] * 6) == [None] * 6
    assert edition.current() == before + 30


def test_compaction_among_writers_readers_and_itself_is_never_seen(monkeypatch):
    """The naive version counts rows, or puts the sum down before it takes the rows away: readers see a wrong number."""
    monkeypatch.setattr(edition, "AT_ONCE", 7)
    before = edition.current()

    def write() -> int:
        for _n in range(20):
            edition.move_on()
        return 20

    def compact() -> int:
        for _n in range(10):
            edition.compact()
        return 0

    def read() -> int:
        seen = [edition.current() for _n in range(60)]
        assert seen == sorted(seen) and before <= seen[0] and seen[-1] <= before + 40
        return 0

    assert at_once([write, write, compact, compact, read, read]) == [20, 20, 0, 0, 0, 0]
    assert edition.current() == before + 40
    edition.compact()
    assert (edition.current(), Edition.objects.count()) == (before + 40, 1)
