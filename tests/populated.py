"""What `python -m tests.migrations` does in one database: the release before, its data, this release, a look."""

from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

OLD = [("agencies", "0001_initial"), ("projects", "0001_initial"), ("govlab", "0001_initial")]
SENT_AT = datetime(2019, 7, 1, 5, tzinfo=UTC)


def populate(apps: Any) -> None:
    """An update that waits and one that is written, as the release before kept them."""
    people = apps.get_model("agencies", "User").objects
    staff, author = (people.create(email=f"{n}@govlab.test", name=n, is_staff=True) for n in ("staff", "author"))
    people.create(email="gone@govlab.test", name="gone", is_staff=True, is_active=False)
    agency = apps.get_model("agencies", "Agency").objects.create(key="a", name_th="กรม")
    cohort = apps.get_model("projects", "Cohort").objects.create(year=2562)
    project = apps.get_model("projects", "Project").objects.create(code="GL2562-1", title_th="ก", cohort=cohort)
    columns = {"project": project, "agency": agency, "author": author}
    updates = apps.get_model("projects", "ProgressUpdate").objects
    updates.create(pk=staff.pk, state="submitted", submitted_at=SENT_AT, submitted_by=author, **columns)
    updates.create(pk=staff.pk + 100, state="draft", **columns)
    indicator = apps.get_model("projects", "Indicator").objects.create(project=project, name_th="ก", unit_th="แห่ง")
    apps.get_model("projects", "Reading").objects.create(indicator=indicator, update_id=staff.pk, value=3)


def check(apps: Any) -> None:
    """It still waits since then, for the one person who neither wrote nor sent it; its reading is there."""
    update, reading = apps.get_model("projects", "ProgressUpdate"), apps.get_model("projects", "Reading")
    rows = list(update.objects.order_by("pk").values_list("waiting_since", "approvers"))
    first = update.objects.order_by("pk").first()
    assert rows == [(SENT_AT, [first.pk]), (None, [])], rows
    assert list(reading.objects.values_list("value", "unavailable", "confirmed")) == [(3, "", False)]


def main() -> None:
    """Back then, the data, and now."""
    executor = MigrationExecutor(connection)
    executor.migrate(OLD)
    populate(executor.loader.project_state(OLD).apps)
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate(leaves)
    check(executor.loader.project_state(leaves).apps)


if __name__ == "__main__":
    main()
