"""Demonstration data: marked, and taken out again whole."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies.models import Agency, User
from agencies.rules import records
from projects.exchange import facts
from projects.models import DueReport, Meeting, ProgressUpdate, Project, Round, Stage, UpdateState
from projects.rules import demo as rules
from projects.rules import projects, publishing, stages
from tests.exchange.conftest import NOW, Picture, picture

pytestmark = pytest.mark.django_db


def test_it_leaves_no_trace_when_it_is_taken_out(with_demo: Picture) -> None:
    assert picture() != with_demo
    rules.remove(by=facts.robot())
    assert picture() == with_demo
    assert User.objects.filter(demo=True).count() == 0


def test_what_demonstration_accounts_did_by_hand_goes_too(with_demo: Picture) -> None:
    desk = User.objects.get(email="desk@govlab.test")
    project = Project.objects.get(code="GL2561-4")
    projects.edit(project, by=desk, version=project.version, code=project.code, cohort=project.cohort, title_en="Hello")
    publishing.hide(Meeting.objects.get(key="govlab-conference-2562"), by=desk)
    records.add(Agency, by=desk, key="made-by-demo", name_th="ลอง", kind="government")
    rules.remove(by=facts.robot())
    assert picture() == with_demo


def test_what_real_people_did_stays(with_demo: None, staff: User) -> None:
    stage = Project.objects.get(code="GL2562-5").stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, state="in_progress")
    records.add(Agency, by=staff, key="real", name_th="หน่วยงานจริง", kind="government")
    rules.remove(by=facts.robot())
    assert Stage.objects.get(pk=stage.pk).state == "in_progress"
    assert Agency.objects.filter(key="real").exists()


def test_invented_progress_goes_although_real_staff_touched_the_record(with_demo: None, staff: User) -> None:
    stage = Project.objects.get(code="GL2561-1").stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, planned_end=dt.date(2018, 4, 30))
    stage.refresh_from_db()
    assert stage.demo
    project = Project.objects.get(code="GL2561-2")
    fixed = {"code": project.code, "cohort": project.cohort}
    projects.edit(project, by=staff, version=project.version, **fixed, aim_en="Real words")
    rules.remove(by=facts.robot())
    stage.refresh_from_db()
    project.refresh_from_db()
    assert (stage.state, stage.actual_end, stage.planned_end) == ("unknown", None, dt.date(2018, 4, 30))
    assert (project.current_stage, project.aim_en) == (None, "Real words")


def test_no_invented_file_stays(with_demo: None, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    kept = lambda: [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]  # noqa: E731
    assert len(kept()) > 0
    with django_capture_on_commit_callbacks(execute=True):
        rules.remove(by=facts.robot())
    assert kept() == []


def test_every_invented_record_is_marked(with_demo: None) -> None:
    assert ProgressUpdate.objects.filter(demo=False).count() == 0
    assert set(Stage.objects.exclude(state="unknown").values_list("demo", flat=True)) == {True}
    assert set(Stage.objects.filter(state="unknown", planned_end=None).values_list("demo", flat=True)) >= {False}


def test_something_waits_at_each_point_of_the_way(with_demo: None) -> None:
    counts = {state: ProgressUpdate.objects.filter(state=state).count() for state in UpdateState.values}
    assert {state: count for state, count in counts.items() if state != "approved"} == {
        "draft": 1,
        "with_lead": 0,
        "submitted": 2,
        "returned": 1,
    }
    oldest = ProgressUpdate.objects.waiting().first()
    assert oldest is not None and (NOW - oldest.submitted_at).days == 12


def test_rounds_are_closed_late_and_due_soon(with_demo: None) -> None:
    today = timezone.localdate(NOW)
    told = {}
    for name in ("reporter", "reporter-b"):
        person = User.objects.get(email=f"{name}@govlab.test")
        rows = DueReport.objects.visible_to(person).open().urgent()
        told[name] = [(row.project.code, row.state, (row.due_on - today).days) for row in rows]
    assert told == {
        "reporter": [("GL2562-3", "due", 9), ("GL2562-4", "returned", 9)],
        "reporter-b": [("GL2562-2", "due", -20)],
    }
    closed, open_ = (Round.objects.filter(closed_at__isnull=value).count() for value in (False, True))
    assert (closed, open_, Round.objects.filter(demo=False).count()) == (2, 2, 0)
    first, second = (
        [row.standing["current_stage"] for row in each.snapshots.all()]
        for each in Round.objects.exclude(closed_at=None).order_by("period_end")
    )
    assert (first, second) == ([None] * 5, [1, None, 2, 1, None])


def test_the_command_runs_twice_and_prints_the_same_password(
    with_facts: facts.Report, settings: Any, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    printed = []
    for _ in range(2):
        out = StringIO()
        call_command("demo", stdout=out)
        printed.append(out.getvalue())
    assert printed[0] == printed[1]
    password = printed[0].split()[-1]
    assert all(user.check_password(password) for user in User.objects.filter(demo=True))
    assert User.objects.filter(demo=True).count() == 4


def test_nothing_happened_in_the_future(with_demo: None) -> None:
    assert not ProgressUpdate.objects.filter(happened_on__gt=timezone.localtime(NOW).date()).exists()
