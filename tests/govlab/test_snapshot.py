"""Reading as of one moment: what is written meanwhile is not seen, and whoever writes it does not wait."""

from contextlib import closing

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.utils import ConnectionHandler

from agencies.models import Source
from govlab import snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two connections to one database of their own, the first as the one that reads."""
    if connection.vendor != "sqlite":
        pytest.skip("a database of its own is made of a file")
    told = {
        **connection.settings_dict,
        "NAME": str(tmp_path / "one.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 0.1,
            "init_command": "PRAGMA journal_mode=WAL;",
        },
    }
    reader, writer = (ConnectionHandler({"default": told})["default"] for _n in range(2))
    monkeypatch.setattr(snapshot, "connection", reader)
    with closing(reader), closing(writer):
        run(writer, "CREATE TABLE things (name text)")
        run(writer, "INSERT INTO things VALUES ('one')")
        yield reader, writer


def run(where, sql):
    with where.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if sql.startswith("SELECT") else None


def count(where):
    return run(where, "SELECT count(*) FROM things")[0][0]


def test_what_is_written_meanwhile_is_not_seen_and_nobody_waits(two):
    reader, writer = two
    with snapshot.one_moment():
        assert count(reader) == 1
        run(writer, "BEGIN IMMEDIATE")
        run(writer, "INSERT INTO things VALUES ('two')")
        run(writer, "COMMIT")
        assert (count(reader), count(writer)) == (1, 2)
    assert count(reader) == 2
    run(reader, "INSERT INTO things VALUES ('three')")
    assert count(writer) == 3


def test_a_fault_within_ends_it(two):
    reader, writer = two
    with pytest.raises(KeyError), snapshot.one_moment():
        count(reader)
        raise KeyError
    run(writer, "INSERT INTO things VALUES ('two')")
    assert count(reader) == 2


def test_the_naive_twin_holds_up_whoever_writes(two):
    reader, writer = two
    run(reader, "BEGIN IMMEDIATE")  # as `transaction.atomic` begins here
    with pytest.raises(OperationalError, match="locked"):
        run(writer, "INSERT INTO things VALUES ('two')")
    run(reader, "ROLLBACK")


def test_within_a_transaction_that_one_decides():
    with transaction.atomic(), snapshot.one_moment():
        assert connection.in_atomic_block


def test_what_is_tried_out_is_forgotten_and_nobody_waits_for_it():
    own = connections["default"]
    with pytest.raises(RuntimeError), snapshot.trial(), transaction.atomic():
        Source.objects.create(key="tried", title_th="ลอง", publisher_th="ก")
        raise RuntimeError
    with snapshot.trial(), transaction.atomic():
        Source.objects.create(key="tried", title_th="ลอง", publisher_th="ก")
        if connection.vendor == "sqlite":  # elsewhere a row that is written locks that row alone
            run(own, "CREATE TABLE meanwhile (name text)")
        assert list(Source.objects.values_list("key", flat=True)) == ["tried"]
    assert connections["default"] is own
    assert list(Source.objects.values_list("key", flat=True)) == []
    if connection.vendor == "sqlite":
        assert run(own, "SELECT * FROM meanwhile") == []
        run(own, "DROP TABLE meanwhile")
