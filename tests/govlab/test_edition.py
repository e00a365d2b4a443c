"""The edition's number: raised in the transaction of every change, the same after compaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from govlab import edition
from govlab.models import Edition
from govlab.records import Record
from tests import factories
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_a_change_raises_it_and_one_that_is_rolled_back_does_not(staff, project):
    before = edition.current()
    factories.make_project(staff)
    changed = edition.current()
    assert changed > before
    with transaction.atomic():
        factories.make_project(staff)
        transaction.set_rollback(True)
    assert edition.current() == changed


class Watch:
    """Which tables of records were written in a transaction that did not raise the edition."""

    def __init__(self) -> None:
        self.depth, self.written, self.raised, self.missed = 0, set(), False, []
        self.tables = {
            model._meta.db_table
            for kept in apps.get_models()
            if issubclass(kept, Record)
            for model in (kept, *(many.remote_field.through for many in kept._meta.many_to_many))
        }

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word, *rest = sql.split(None, 3)
        if word == "SAVEPOINT":
            self.depth += 1
        elif word in ("RELEASE", "ROLLBACK"):
            self.depth -= 1
            if self.depth == 0:
                self.end()
        elif word in ("INSERT", "UPDATE", "DELETE"):
            table = (rest[0] if word == "UPDATE" else rest[1]).strip('"')
            self.written |= {table} & self.tables
            self.raised = self.raised or table == Edition._meta.db_table
            if self.depth == 0:
                self.end()
        return execute(sql, params, many, context)

    def end(self) -> None:
        if self.written and not self.raised:
            self.missed.append(sorted(self.written))
        self.written, self.raised = set(), False


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


def test_no_record_is_written_without_raising_it_in_the_same_transaction(staff, agency, reporter):
    with watched() as watch:
        make_world(staff, agency, reporter)
    # What the tests' world itself puts in, past the rules; nothing that a rule does.
    assert watch.missed == [["agencies_membership"], ["projects_evidence"]]


def test_the_watch_sees_a_write_that_goes_past_the_history(project):
    with watched() as watch:
        with transaction.atomic():
            type(project).objects.filter(pk=project.pk).update(title_th="ลับ")
        type(project).objects.filter(pk=project.pk).update(title_th="ลับ")
    assert watch.missed == [["projects_project"]] * 2


def test_compaction_changes_no_number(django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(edition, "AT_ONCE", 10)
    Edition.objects.bulk_create(Edition(steps=n % 3 + 1) for n in range(57))
    before = edition.current()
    assert edition.compact() == 56
    assert (edition.current(), Edition.objects.count()) == (before, 1)
    assert edition.compact() == 0
    edition.move_on()
    assert edition.current() == before + 1


def test_compaction_of_nothing_is_nothing():
    Edition.objects.all().delete()
    assert (edition.compact(), edition.current()) == (0, 0)


def test_the_worker_compacts():
    Edition.objects.bulk_create(Edition() for _n in range(5))
    before = edition.current()
    call_command("work", "--once")
    assert (edition.current() >= before, Edition.objects.count() <= 3) == (True, True)
