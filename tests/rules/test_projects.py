"""What staff, and nobody else, do to projects and to the agencies with a part in them."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Agency, User
from govlab.history import Stale
from projects.models import Cohort, Project, ProjectAgency, Stage
from projects.rules import projects
from tests import factories


def counts() -> tuple[int, ...]:
    return tuple(kind.history.count() for kind in (Project, Stage, ProjectAgency))


@pytest.fixture
def cohort(staff: User) -> Cohort:
    return factories.make_cohort(staff, 2562)


def test_a_new_project_is_a_draft_with_four_stages_of_which_nothing_is_known(staff: User, cohort: Cohort) -> None:
    project = projects.add(by=staff, code="GL2562-3", cohort=cohort, title_th="โครงการ")
    assert (project.state, project.current_stage, project.version) == ("draft", None, 1)
    assert list(project.stages.values_list("number", "state")) == [(n, "unknown") for n in (1, 2, 3, 4)]
    told = [(row.history_change_reason, row.history_user) for row in (*project.history.all(), *Stage.history.all())]
    assert told == [("add", staff)] * 5


@pytest.mark.parametrize("person", ["visitor", "stranger", "reporter", "lead"])
def test_only_staff_keep_projects(
    person: str, request: pytest.FixtureRequest, project: Project, other_agency: Agency
) -> None:
    by = request.getfixturevalue(person)
    before = (counts(), list(Project.objects.values()))
    refused = [
        lambda: projects.add(by=by, code="GL2562-900", cohort=project.cohort, title_th="โครงการ"),
        lambda: projects.edit(
            project, by=by, version=project.version, code=project.code, cohort=project.cohort, title_th="อื่น"
        ),
        lambda: projects.add_part(project, by=by, agency=other_agency, part="partner"),
    ]
    for act in refused:
        with pytest.raises(PermissionDenied):
            act()
    assert (counts(), list(Project.objects.values())) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("GL2562-3", "GL2562-3"),
        (" gl2562-3 ", "GL2562-3"),
        ("GL2562-300", "GL2562-300"),
        ("GL2561-3", None),  # another cohort's
        ("GL2562", None),
        ("GL2562-", None),
        ("GL2562-x", None),
        ("GL2562-3000", None),
        ("GL2562-3\n4", None),
        ("", None),
    ],
)
def test_a_code_fits_its_cohort(typed: str, kept: str | None, staff: User, cohort: Cohort) -> None:
    if kept:
        assert projects.add(by=staff, code=typed, cohort=cohort, title_th="โครงการ").code == kept
        return
    with pytest.raises(ValidationError) as refusal:
        projects.add(by=staff, code=typed, cohort=cohort, title_th="โครงการ")
    assert set(refusal.value.message_dict) == {"code"}
    assert counts() == (0, 0, 0)


def test_a_project_does_not_move_to_a_cohort_its_code_does_not_name(staff: User, project: Project) -> None:
    next_year = factories.make_cohort(staff, 2563)
    answers = {"by": staff, "version": project.version, "title_th": project.title_th}
    with pytest.raises(ValidationError) as refusal:
        projects.edit(project, code=project.code, cohort=next_year, **answers)
    assert set(refusal.value.message_dict) == {"code"}
    moved = projects.edit(project, code="GL2563-1", cohort=next_year, **answers)
    assert (moved.code, moved.cohort) == ("GL2563-1", next_year)


def test_a_code_is_given_once(staff: User, project: Project) -> None:
    other = factories.make_project(staff)
    before = counts()
    with pytest.raises(ValidationError) as refusal:
        projects.add(by=staff, code=project.code.lower(), cohort=project.cohort, title_th="โครงการ")
    assert set(refusal.value.message_dict) == {"code"}
    with pytest.raises(ValidationError):
        projects.edit(
            other, by=staff, version=other.version, code=project.code, cohort=project.cohort, title_th="โครงการ"
        )
    assert counts() == before


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"title_th": ""}, "title_th"),
        ({"title_th": "ก" * 301}, "title_th"),
        ({"focus_th": "ก" * 5001}, "focus_th"),
        ({"focus_th": "ก\0"}, "focus_th"),
    ],
)
def test_a_bad_answer_names_its_field_and_nothing_is_kept(
    answers: dict[str, Any], field: str, staff: User, cohort: Cohort
) -> None:
    with pytest.raises(ValidationError) as refusal:
        projects.add(by=staff, code="GL2562-3", cohort=cohort, **{"title_th": "โครงการ", **answers})
    assert set(refusal.value.message_dict) == {field}
    assert counts() == (0, 0, 0)


def test_an_edit_of_an_older_version_is_stale(staff: User, other_staff: User, project: Project) -> None:
    answers = {"version": project.version, "code": project.code, "cohort": project.cohort}
    projects.edit(project, by=other_staff, title_th="ชื่อของเพื่อน", **answers)
    with pytest.raises(Stale) as stale:
        projects.edit(project, by=staff, title_th="ชื่อของฉัน", **answers)
    assert (stale.value.current.title_th, stale.value.current.version) == ("ชื่อของเพื่อน", project.version + 1)
    assert Project.objects.get().title_th == "ชื่อของเพื่อน"


def test_an_edit_leaves_state_and_standing_alone(staff: User, project: Project) -> None:
    edited = projects.edit(
        project, by=staff, version=project.version, code=project.code, cohort=project.cohort, title_th="ชื่อใหม่"
    )
    assert (edited.title_th, edited.state, edited.current_stage) == ("ชื่อใหม่", "published", None)


def test_what_a_project_is_found_and_ordered_by_follows_its_words(staff: User, cohort: Cohort) -> None:
    field = factories.make_field(staff, "คมนาคม")
    project = projects.add(by=staff, code="GL2562-3", cohort=cohort, title_th="เดินทาง", field=field)
    assert ("เดินทาง" in project.search_text, "คมนาคม" in project.search_text) == (True, True)
    key = project.sort_key
    edited = projects.edit(
        project, by=staff, version=project.version, code=project.code, cohort=cohort, title_th="กลับบ้าน", field=None
    )
    assert ("เดินทาง" in edited.search_text, "คมนาคม" in edited.search_text) == (False, False)
    assert edited.sort_key < key


def test_an_agency_has_one_part_in_a_project(
    staff: User, agency: Agency, other_agency: Agency, project: Project
) -> None:
    with pytest.raises(ValidationError):
        projects.add_part(project, by=staff, agency=agency, part="partner")
    with pytest.raises(ValidationError) as refusal:
        projects.add_part(project, by=staff, agency=other_agency, part="chief")
    assert set(refusal.value.message_dict) == {"part"}
    part = projects.add_part(project, by=staff, agency=other_agency, part="partner")
    assert list(project.parts.values_list("agency", "part")) == [(agency.pk, "owner"), (other_agency.pk, "partner")]
    assert part.history.get().history_user == staff


def test_a_visitor_is_nobody_to_a_rule(project: Project) -> None:
    with pytest.raises(PermissionDenied):
        projects.add_part(project, by=AnonymousUser(), agency=project.agencies.get(), part="owner")
