"""The database refuses to change or take out what only grows, whoever asks it and in whatever way."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from agencies.models import Agency, SecurityEvent, SecurityKind, User
from agencies.rules import records, security
from govlab import growing
from govlab.history import keep
from projects.models import Cohort, Project
from tests import factories

pytestmark = pytest.mark.django_db


def refused(ask: Any) -> bool:
    """Whether the database refuses; what it did not refuse is taken back."""
    try:
        with transaction.atomic():
            ask()
            transaction.set_rollback(True)
    except DatabaseError as error:
        return growing.REFUSAL in str(error)
    return False


def test_a_row_of_the_history_is_never_changed_or_taken_out(staff: User, other_staff: User, project: Project) -> None:
    rows = Project.history.filter(id=project.pk)
    asked = [
        lambda: rows.update(title_th="ก"),
        lambda: rows.update(history_change_reason="edit"),
        lambda: rows.update(history_user=other_staff),
        rows.delete,
        lambda: rows.first().save(),
        lambda: rows.first().delete(),
    ]
    assert [refused(ask) for ask in asked] == [True] * 6
    growing.lift(connection)  # the naive twin: without the guards all of it goes through
    assert [refused(ask) for ask in asked] == [False] * 6
    growing.guard(connection)
    assert refused(asked[0])


def test_nor_are_the_records_that_stood_in_a_list_of_several(staff: User, agency: Agency) -> None:
    cohort = records.add(Cohort, by=staff, year=2562, supported_by=[agency])
    lists = cohort.history.get().supported_by.all()
    assert [lists.count(), refused(lambda: lists.update(agency=None)), refused(lists.delete)] == [1, True, True]


def test_nor_is_a_security_event(reporter: User, staff: User) -> None:
    security.note(SecurityKind.SIGN_IN_FAILED, reporter)
    rows = SecurityEvent.objects.all()
    asked = [lambda: rows.update(kind="signed_in"), lambda: rows.update(user=staff), rows.delete]
    assert [refused(ask) for ask in asked] == [True] * 3


def test_an_account_that_is_deleted_takes_no_row_along(staff: User) -> None:
    person = factories.make_user()
    cohort = keep(Cohort(), "add", by=person, year=2562)
    security.note(SecurityKind.SIGNED_IN, person)
    person.delete()
    assert list(cohort.history.values_list("history_user", flat=True)) == [None]
    assert list(SecurityEvent.objects.values_list("kind", "user")) == [("signed_in", None)]


def test_every_table_of_a_history_is_guarded(db: None) -> None:
    kept = {table for table in connection.introspection.table_names() if "_historical" in table}
    assert kept | {SecurityEvent._meta.db_table} == set(growing.growing())
    assert len(kept) > 40


def test_migrating_sets_the_guards_again(staff: User, project: Project) -> None:
    growing.lift(connection)
    call_command("migrate", verbosity=0)
    assert refused(Project.history.all().delete)
