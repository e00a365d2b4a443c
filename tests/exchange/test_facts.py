"""The facts file: all of it arrives, once; what people changed since stays theirs."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from agencies.models import Agency, Source, User
from agencies.rules import records
from projects.exchange import facts
from projects.models import (
    AgendaItem,
    Assignment,
    Cohort,
    Facet,
    Innovation,
    InnovationType,
    Lab,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSeries,
    MeetingSession,
    Principle,
    Project,
    ProjectAgency,
    Resolution,
    ServiceField,
    Stage,
    StageState,
)
from projects.rules import projects

pytestmark = pytest.mark.django_db


def changed_file(tmp_path: Path, change: Any) -> Path:
    """A copy of the facts file with one change."""
    data = yaml.safe_load(facts.FILE.read_text(encoding="utf-8"))
    change(data)
    path = tmp_path / "facts.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_everything_the_documents_state_is_there(with_facts: facts.Report) -> None:
    counts = {
        model.__name__: model._default_manager.count()
        for model in (
            *(
                Source,
                Agency,
                Principle,
                Lab,
                InnovationType,
                Facet,
                ServiceField,
                Cohort,
                Project,
                ProjectAgency,
                MeetingSeries,
            ),
            Meeting,
            *(MeetingPerson, MeetingSession, MeetingPoint, AgendaItem, Resolution, Assignment, Innovation),
        )
    }
    assert counts == {
        "Source": 5,
        "Agency": 21,
        "Principle": 6,
        "Lab": 4,
        "InnovationType": 6,
        "Facet": 4,
        "ServiceField": 10,
        "Cohort": 2,
        "Project": 10,
        "ProjectAgency": 1,
        "MeetingSeries": 1,
        "Meeting": 4,
        "MeetingPerson": 9,
        "MeetingSession": 5,
        "MeetingPoint": 9,
        "AgendaItem": 3,
        "Resolution": 16,
        "Assignment": 6,
        "Innovation": 6,
    }
    assert with_facts.added == sum(counts.values()) and with_facts.kept == []


def test_every_value_of_the_file_stands_in_its_record(with_facts: facts.Report) -> None:
    report = facts.load()
    assert (report.added, report.changed, report.same, report.kept) == (0, 0, with_facts.added, [])


def test_nothing_is_known_of_any_stage(with_facts: facts.Report) -> None:
    assert set(Stage.objects.values_list("state", flat=True)) == {StageState.UNKNOWN}
    assert Stage.objects.count() == 40
    assert set(Project.objects.values_list("current_stage", flat=True)) == {None}


def test_every_fact_names_its_source(with_facts: facts.Report) -> None:
    for model in (Agency, Lab, InnovationType, Facet, ServiceField, Cohort, Project, Meeting, Innovation):
        assert list(model._default_manager.filter(sources=None)) == []


def test_the_committee_has_its_agenda_opinions_and_assignments(with_facts: facts.Report) -> None:
    meeting = Meeting.objects.get(key="subcommittee-3-2564")
    numbers = {item.number: [r.number for r in item.resolutions.all()] for item in meeting.agenda.all()}
    assert numbers == {
        "1": ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"],
        "2": ["2.1", "2.2"],
        "3": ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"],
    }
    asked = {
        (a.resolution.number if a.resolution else None, a.agency.key, tuple(p.key for p in a.partners.all()))
        for a in meeting.assignments.all()
    }
    assert asked == {
        ("1.1", "tdri", ()),
        ("1.2", "opdc", ("eec",)),
        ("1.7", "tdri", ()),
        ("2.2", "opdc", ()),
        ("3.6", "tdri", ()),
        (None, "opdc", ("tdri",)),
    }


def test_what_staff_changed_is_left_alone_and_named(with_facts: facts.Report, staff: User, tmp_path: Path) -> None:
    project = Project.objects.get(code="GL2562-3")
    projects.edit(
        project, by=staff, version=project.version, code=project.code, cohort=project.cohort, title_en="Ours now"
    )
    path = changed_file(
        tmp_path,
        lambda data: next(p for p in data["projects"] if p["code"] == "GL2562-3").update(
            title_en="The file's new one", focus_en="New in the file"
        ),
    )
    report = facts.load(path)
    project.refresh_from_db()
    assert (project.title_en, project.focus_en) == ("Ours now", "New in the file")
    assert report.kept == ["projects/GL2562-3: title_en was changed by people"]
    assert facts.load(path).changed == 0


def test_what_the_file_changed_is_changed(with_facts: facts.Report, tmp_path: Path) -> None:
    path = changed_file(tmp_path, lambda data: data["agencies"][0].update(name_en="OPDC of Thailand"))
    report = facts.load(path)
    assert (report.changed, report.kept) == (1, [])
    assert Agency.objects.get(key="opdc").name_en == "OPDC of Thailand"


def test_what_staff_removed_does_not_come_back(with_facts: facts.Report, staff: User) -> None:
    records.remove(Innovation.objects.get(title_en="Moments of Life"), by=staff)
    report = facts.load()
    assert (report.added, Innovation.objects.count()) == (0, 5)
    assert report.kept == ["innovations/moments-of-life: removed by people"]


def test_what_staff_added_before_is_not_added_again(staff: User) -> None:
    records.add(Agency, by=staff, key="opdc", name_th="ของเราเอง", kind="government")
    report = facts.load()
    assert Agency.objects.get(key="opdc").name_th == "ของเราเอง"
    assert report.kept == ["agencies/opdc: was there before the file"]
    again = facts.load()
    assert Agency.objects.get(key="opdc").name_th == "ของเราเอง"
    assert (again.changed, again.kept[0]) == (0, "agencies/opdc: name_th was changed by people")


def test_a_name_that_is_not_in_the_file_stops_the_loading_whole(tmp_path: Path) -> None:
    path = changed_file(tmp_path, lambda data: data["meetings"][0].update(hosts=["opdc", "nobody"]))
    with pytest.raises(LookupError):
        facts.load(path)
    assert Agency.objects.count() == 0
