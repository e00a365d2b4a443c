"""What a file brought is taken back as a whole, or not at all: nothing that others wrote since goes with it."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from agencies.models import Agency, User
from projects.exchange import progress
from projects.models import Indicator, Project
from projects.rules import rounds
from projects.rules.readings import Measure
from tests import factories
from tests.exchange.brought import apply, carry_out

INDICATOR = ["Project", "Name in Thai", "Unit in Thai", "Better"]
STAYS = "It stays applied: somebody changed these since. Put them back by hand, or leave them: 2 "


@pytest.fixture
def counted(staff: User, project: Project) -> tuple[Any, Indicator]:
    """A file that brought an indicator, and the indicator."""
    thing = apply(staff, [INDICATOR, [project.code, "นับคน", "คน", "Higher"]], "indicators")
    return thing, Indicator.objects.get(name_th="นับคน")


def test_what_nobody_touched_goes_whole(staff: User, counted: tuple[Any, Indicator]) -> None:
    thing = carry_out(counted[0], "undo", staff)
    assert (thing.state, Indicator.objects.filter(name_th="นับคน").exists()) == ("taken_back", False)


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_a_number_that_an_agency_reported_since_keeps_its_indicator(
    state: str, staff: User, reporter: User, project: Project, counted: tuple[Any, Indicator]
) -> None:
    thing, indicator = counted
    update = factories.make_update(reporter, project, state, staff, readings={indicator: Measure(12)})
    thing = carry_out(thing, "undo", staff)
    assert (thing.state, thing.word) == ("applied", f"{STAYS}นับคน")
    assert [reading.value for reading in update.readings.all()] == [12]


def test_what_was_added_to_a_project_since_keeps_the_project(staff: User, project: Project) -> None:
    thing = apply(staff, [["Code", "Title in Thai"], ["GL2562-90", "เก้าสิบ"]])
    brought = Project.objects.get(code="GL2562-90")
    factories.make_indicator(staff, brought)
    thing = carry_out(thing, "undo", staff)
    assert (thing.state, thing.word) == ("applied", f"{STAYS}เก้าสิบ")
    assert brought.indicators.count() == 1


@pytest.mark.parametrize("waived", [False, True])
def test_what_the_portal_asks_of_a_project_goes_with_it_until_somebody_touched_it(
    waived: bool, staff: User, agency: Agency
) -> None:
    factories.make_cohort(staff)
    thing = apply(staff, [["Code", "Title in Thai", "Owners"], ["GL2562-90", "เก้าสิบ", agency.key]])
    due = factories.make_round(staff).reports.get(project__code="GL2562-90")
    if waived:
        rounds.waive(due, by=staff, reason="เพิ่งเริ่ม")
    thing = carry_out(thing, "undo", staff)
    assert (thing.state, thing.word) == (("applied", f"{STAYS}เก้าสิบ") if waived else ("taken_back", ""))
    assert Project.objects.filter(code="GL2562-90").exists() == waived


# --- one worker at a time, and none -----------------------------------------------------------------------------------
@pytest.mark.usefixtures("db")
def test_a_file_is_worked_on_by_one_alone(settings: Any, tmp_path: Path) -> None:
    with progress.alone("x") as mine, progress.alone("x") as also, progress.alone("y") as other:
        assert (mine, also, other) == (True, False, True)
    with progress.alone("x") as mine:
        assert mine


def test_a_job_is_silent_once_nothing_was_heard_of_it_for_a_minute() -> None:
    now = timezone.now()
    long_ago = now - dt.timedelta(seconds=progress.SILENT + 1)
    assert (progress.silent("z", now, now), progress.silent("z", long_ago, now)) == (False, True)
    progress.tell("z", 1, 2)
    assert progress.silent("z", long_ago, now) is False
    assert progress.silent("z", long_ago, now + dt.timedelta(seconds=progress.SILENT + 2)) is True
