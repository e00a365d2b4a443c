"""How staff set stages, how approved updates move them, and how the project's standing follows."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import User
from govlab.history import Stale
from projects.models import Project, Stage
from projects.models.stages import current_stage
from projects.rules import reviews, stages
from tests import factories

JUNE, JULY, AUGUST = dt.date(2019, 6, 30), dt.date(2019, 7, 31), dt.date(2019, 8, 31)


def stage_of(project: Project, number: int = 2) -> Stage:
    return Stage.objects.get(project=project, number=number)


def standing(project: Project) -> int | None:
    return Project.objects.get(pk=project.pk).current_stage


def report(by: User, staff: User, project: Project, **answers: Any) -> None:
    factories.make_update(by, project, "approved", staff, **answers)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("unknown unknown unknown unknown", None),
        ("not_started not_started not_started not_started", 0),
        ("not_started unknown unknown unknown", 0),
        ("in_progress unknown unknown unknown", 1),
        ("done unknown unknown unknown", 1),
        ("done not_started not_started not_started", 1),
        ("done in_progress not_started not_started", 2),
        ("done done in_progress unknown", 3),
        ("in_progress in_progress unknown unknown", 2),
        ("in_progress done unknown unknown", 1),
        ("unknown unknown unknown done", 4),
        ("unknown done done done", 4),
        ("done done done in_progress", 4),
        ("done done done done", 5),
    ],
)
def test_a_project_stands_where_its_stages_say(states: str, expected: int | None) -> None:
    assert current_stage(states.split()) == expected


@pytest.mark.parametrize("person", ["visitor", "stranger", "reporter", "lead"])
def test_only_staff_set_stages(person: str, request: pytest.FixtureRequest, project: Project) -> None:
    stage = stage_of(project)
    with pytest.raises(PermissionDenied):
        stages.edit(stage, by=request.getfixturevalue(person), version=stage.version, state="done")
    assert (stage_of(project).state, stage.history.count(), standing(project)) == ("unknown", 1, None)


def test_the_standing_follows_what_staff_set(staff: User, project: Project) -> None:
    stage = stages.edit(stage_of(project, 1), by=staff, version=1, state="done", actual_end=JUNE)
    assert (stage.state, stage.actual_end, standing(project)) == ("done", JUNE, 1)
    stages.edit(stage_of(project, 2), by=staff, version=1, state="in_progress", actual_start=JUNE)
    assert standing(project) == 2
    stages.edit(stage_of(project, 2), by=staff, version=2, state="unknown", actual_start=None)
    assert standing(project) == 1
    told = list(project.history.order_by("history_id").values_list("history_change_reason", "current_stage"))
    assert told == [("add", None), ("publish", None), ("settle", 1), ("settle", 2), ("settle", 1)]


def test_an_edit_that_moves_nothing_leaves_the_projects_history_alone(staff: User, project: Project) -> None:
    before = project.history.count()
    stages.edit(stage_of(project), by=staff, version=1, planned_start=JUNE)
    assert (stage_of(project).history.count(), project.history.count()) == (2, before)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"planned_start": JULY, "planned_end": JUNE}, "planned_end"),
        ({"state": "done", "actual_start": JULY, "actual_end": JUNE}, "actual_end"),
        ({"state": "in_progress", "actual_end": JUNE}, "state"),
        ({"state": "unknown", "actual_start": JUNE}, "state"),
        ({"state": "not_started", "actual_start": JUNE}, "state"),
        ({"state": "paused"}, "state"),
    ],
)
def test_dates_and_state_agree(answers: dict[str, Any], field: str, staff: User, project: Project) -> None:
    with pytest.raises(ValidationError) as refusal:
        stages.edit(stage_of(project), by=staff, version=1, **answers)
    assert set(refusal.value.message_dict) == {field}
    assert (stage_of(project).version, standing(project)) == (1, None)


def test_a_stage_of_an_older_version_is_stale(staff: User, other_staff: User, project: Project) -> None:
    stages.edit(stage_of(project), by=other_staff, version=1, state="in_progress")
    with pytest.raises(Stale):
        stages.edit(stage_of(project), by=staff, version=1, state="done")
    assert (stage_of(project).state, standing(project)) == ("in_progress", 2)


def test_an_approved_update_moves_its_stage_and_no_other(reporter: User, staff: User, project: Project) -> None:
    factories.make_update(reporter, project, "submitted")
    assert standing(project) is None  # not before the approval
    report(reporter, staff, project)
    assert (stage_of(project).state, stage_of(project).actual_end, standing(project)) == ("in_progress", None, 2)
    told = stage_of(project).history.first()
    assert (told.history_change_reason, told.history_user) == ("settle", staff)
    assert [stage_of(project, n).state for n in (1, 3, 4)] == ["unknown"] * 3


def test_done_ends_the_stage_on_the_updates_day(reporter: User, staff: User, project: Project) -> None:
    report(reporter, staff, project, stage_state="done", happened_on=JUNE)
    assert (stage_of(project).state, stage_of(project).actual_end, standing(project)) == ("done", JUNE, 2)


def test_a_later_word_opens_a_done_stage_again(reporter: User, staff: User, project: Project) -> None:
    report(reporter, staff, project, stage_state="done", happened_on=JUNE)
    report(reporter, staff, project, stage_state="in_progress", happened_on=JULY)
    assert (stage_of(project).state, stage_of(project).actual_end) == ("in_progress", None)


def test_an_older_update_approved_later_does_not_move_the_stage_back(
    reporter: User, staff: User, project: Project
) -> None:
    older = factories.make_update(reporter, project, "submitted", stage_state="in_progress", happened_on=JUNE)
    report(reporter, staff, project, stage_state="done", happened_on=JULY)
    before = stage_of(project).history.count()
    assert reviews.approve(older, by=staff).state == "approved"
    assert (stage_of(project).state, stage_of(project).actual_end) == ("done", JULY)
    assert stage_of(project).history.count() == before


def test_of_two_updates_of_one_day_the_one_approved_last_counts(reporter: User, staff: User, project: Project) -> None:
    first = factories.make_update(reporter, project, "submitted", stage_state="done", happened_on=JUNE)
    report(reporter, staff, project, stage_state="in_progress", happened_on=JUNE)
    reviews.approve(first, by=staff)
    assert stage_of(project).state == "done"


def test_an_older_word_about_another_stage_counts_for_that_stage(reporter: User, staff: User, project: Project) -> None:
    report(reporter, staff, project, stage_number=3, happened_on=AUGUST)
    report(reporter, staff, project, stage_number=1, stage_state="done", happened_on=JUNE)
    assert (stage_of(project, 1).state, stage_of(project, 3).state, standing(project)) == ("done", "in_progress", 3)


def test_an_end_before_the_start_that_staff_wrote_takes_the_start_away(
    reporter: User, staff: User, project: Project
) -> None:
    stages.edit(stage_of(project), by=staff, version=1, state="in_progress", actual_start=JULY)
    report(reporter, staff, project, stage_state="done", happened_on=JUNE)
    stage = stage_of(project)
    assert (stage.state, stage.actual_start, stage.actual_end) == ("done", None, JUNE)


def test_planned_dates_stay_when_an_update_moves_the_stage(reporter: User, staff: User, project: Project) -> None:
    stages.edit(stage_of(project), by=staff, version=1, planned_start=JUNE, planned_end=AUGUST)
    report(reporter, staff, project, stage_state="done", happened_on=JULY)
    stage = stage_of(project)
    assert (stage.planned_start, stage.planned_end, stage.actual_end) == (JUNE, AUGUST, JULY)


def test_four_done_stages_are_a_done_project(reporter: User, staff: User, project: Project) -> None:
    for number in (1, 2, 3, 4):
        report(reporter, staff, project, stage_number=number, stage_state="done")
        assert standing(project) == (number if number < 4 else 5)


def test_a_demonstration_account_marks_the_stage_and_a_real_one_unmarks_it(staff: User, project: Project) -> None:
    demo = factories.make_user("สาธิต", is_staff=True, demo=True)
    assert stages.edit(stage_of(project), by=demo, version=1, state="in_progress").demo is True
    assert stages.edit(stage_of(project), by=staff, version=2, state="done").demo is False
