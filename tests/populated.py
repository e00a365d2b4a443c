"""What `python -m tests.migrations` does in one database: the release before, its data, this release, a look."""

from datetime import date
from typing import Any

import django

django.setup()

from django.apps import apps as models  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

OLD = [("agencies", "0002_reporting"), ("projects", "0003_waiting_updates"), ("govlab", "0002_reporting")]


def step_by_step() -> MigrationExecutor:
    """The migrations one after the other, as a database that is in use goes; a new one takes the short way."""
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    return executor


def populate(apps: Any) -> None:
    """A project and an innovation; a published meeting with an agenda and work, and a draft; as they were kept."""
    cohort = apps.get_model("projects", "Cohort").objects.create(year=2562)
    project = apps.get_model("projects", "Project").objects.create(code="GL2562-3", cohort=cohort, title_th="งาน")
    apps.get_model("projects", "Innovation").objects.create(title_th="ถุง", project=project)
    agency = apps.get_model("agencies", "Agency").objects.create(key="a", name_th="กรม")
    series = apps.get_model("projects", "MeetingSeries").objects
    series.create(key="s", name_th="คณะ"), series.create(key="t", name_th="อีกคณะ")
    meetings = apps.get_model("projects", "Meeting").objects
    items, resolutions = (
        apps.get_model("projects", "AgendaItem").objects,
        apps.get_model("projects", "Resolution").objects,
    )
    for key, state in (("seen", "published"), ("draft", "draft")):
        meeting = meetings.create(key=key, title_th=key, state=state, starts_on=date(2019, 1, 11))
        for number in ("10", "2", "1"):
            items.create(meeting=meeting, number=number, title_th=number, position=0)
        first = items.get(meeting=meeting, number="1")
        items.create(meeting=meeting, number="1.1", title_th="1.1", position=9, parent=first)
        for number in ("1.10", "1.2"):
            resolutions.create(meeting=meeting, number=number, text_th=number, item=first)
        apps.get_model("projects", "Assignment").objects.create(meeting=meeting, agency=agency, text_th="ทำ")


def check(apps: Any) -> None:
    """What is new is empty; what was seen as asked is asked; places follow numbers; each series has its own feed."""
    innovation = apps.get_model("projects", "Innovation").objects.select_related("project").get()
    project = innovation.project
    told = (project.code, project.title_th, project.province, project.used_en, innovation.title_th, innovation.mind_th)
    assert told == ("GL2562-3", "งาน", "", "", "ถุง", ""), told
    rows = apps.get_model("projects", "Meeting").objects.order_by("key")
    found = [(row.key, row.phase, bool(row.held_at), bool(row.assignments.get().given_on)) for row in rows]
    assert found == [("draft", "planned", False, False), ("seen", "held", True, True)], found
    for meeting in rows:
        places = [(row.number, row.position) for row in meeting.agenda.filter(parent=None).order_by("position")]
        assert places == [("1", 1), ("2", 2), ("10", 3)], places
        below = [(row.number, row.position) for row in meeting.agenda.exclude(parent=None)]
        resolved = [(row.number, row.position) for row in meeting.resolutions.order_by("position")]
        assert (below, resolved) == ([("1.1", 1)], [("1.2", 1), ("1.10", 2)]), (below, resolved)
    assert len(set(apps.get_model("projects", "MeetingSeries").objects.values_list("feed_key", flat=True))) == 2


def check_tables() -> None:
    """Every table has the columns that the models ask for."""
    with connection.cursor() as cursor:
        for model in models.get_models(include_auto_created=True):
            table = connection.introspection.get_table_description(cursor, model._meta.db_table)
            there, asked = (
                {column.name for column in table},
                {field.column for field in model._meta.local_concrete_fields},
            )
            assert there == asked, (model, there ^ asked)


def main() -> None:
    """Back then, the data, and now."""
    executor = step_by_step()
    executor.migrate(OLD)
    populate(executor.loader.project_state(OLD).apps)
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate(leaves)
    check(executor.loader.project_state(leaves).apps)
    check_tables()


if __name__ == "__main__":
    main()
