"""Projects on the desk: the table, one project, its parts, stages and indicators, publish and hide."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.rules import records
from projects.models import Indicator, Project, ProjectAgency, PublishState, Stage
from projects.rules import stages, updates
from projects.rules.readings import Measure
from tests import factories

pytestmark = pytest.mark.django_db


def at(name, project, *more):
    return reverse(f"desk:{name}", args=[project.code, *more])


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


def typed(thing, **answers):
    """What the project form sends."""
    names = ["code", "title_th", "title_en", "focus_th", "focus_en", "aim_th", "aim_en"]
    return {
        **{name: getattr(thing, name) for name in names},
        "cohort": thing.cohort_id,
        "version": thing.version,
        **answers,
    }


# --- the table -------------------------------------------------------------------------------------------------------
def test_a_row_says_how_late_each_stage_is_and_what_was_reported_last(desk, staff, reporter, project):
    today = timezone.localdate()
    stage = project.stages.get(number=2)
    stages.edit(stage, by=staff, version=stage.version, state="in_progress", planned_end=today - dt.timedelta(days=12))
    update = factories.make_update(reporter, project)
    updates.submit(update, by=reporter, now=timezone.now() - dt.timedelta(days=109))
    page = desk.get("/en/desk/projects/")
    (row,) = page.context["rows"]
    assert [late for _stage, late in row.cells] == [0, 12, 0, 0]
    assert (row.update.pk, row.silent) == (update.pk, 109)
    assert ["12 days late" in page.content.decode(), "Silent for 109 days" in page.content.decode()] == [True, True]


def test_a_project_without_a_report_says_so_and_is_not_silent(desk, project):
    page = desk.get("/en/desk/projects/")
    (row,) = page.context["rows"]
    assert (row.update, row.silent, row.demo) == (None, 0, False)
    assert "Never reported" in page.content.decode()


def test_a_draft_of_an_agency_is_no_report(desk, reporter, project):
    factories.make_update(reporter, project)
    assert desk.get("/desk/projects/").context["rows"][0].update is None


def test_the_table_is_filtered_by_visibility_and_lateness_and_by_what_all_lists_are(desk, staff, project):
    draft = factories.make_project(staff, published=False, year=2561)
    stage = draft.stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, planned_end=dt.date(2018, 3, 31))

    def listed(query):
        return [row.project for row in desk.get(f"/desk/projects/?{query}").context["rows"]]

    assert listed("") == [project, draft]
    assert listed("state=draft") == [draft]
    assert listed("late=yes") == [draft]
    assert listed("cohort=2562") == [project]
    page = desk.get("/desk/projects/?state=x&late=1&cohort=y")
    assert (page.status_code, sorted(page.context["filter"].form.errors)) == (200, ["cohort", "late", "state"])


def test_a_page_of_the_table_that_is_not_there_says_so(desk, project):
    page = desk.get("/en/desk/projects/?page=99999")
    assert (page.status_code, "The list has no such page." in page.content.decode()) == (404, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_table_costs_the_same_for_three_as_for_one(desk, staff, reporter, agency, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_update(reporter, factories.make_project(staff, owner=agency), "submitted")
    with django_assert_num_queries(9):
        assert len(desk.get("/desk/projects/").context["rows"]) == rows


# --- one project -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_one_project_costs_the_same_with_three_of_everything_as_with_one(
    desk, staff, reporter, project, rows, django_assert_num_queries
):
    for _n in range(rows):
        records.add(ProjectAgency, by=staff, project=project, agency=factories.make_agency(staff), part="partner")
        readings = {factories.make_indicator(staff, project): Measure(Decimal(4))}
        factories.make_update(reporter, project, "approved", staff, readings=readings)
    with django_assert_num_queries(8):
        page = desk.get(at("project-detail", project))
    assert [len(page.context[name]) for name in ("parts", "indicators", "updates")] == [rows + 1, rows, rows]


def test_a_project_that_is_not_there_is_a_404(desk):
    names = ["project-detail", "project-edit", "part-add", "indicator-add"]
    assert [desk.get(reverse(f"desk:{name}", args=["GL2599-9"])).status_code for name in names] == [404] * 4


def test_a_project_is_added_as_a_draft_with_four_stages(desk, staff):
    cohort = factories.make_cohort(staff)
    data = {"code": "gl๒๕๖๒-7", "cohort": cohort.pk, "title_th": "โครงการใหม่", "form_key": "k"}
    for _click in range(2):
        answer = desk.post(reverse("desk:project-add"), data)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/projects/GL2562-7/")
    project = Project.objects.get()
    assert (project.code, project.state, project.stages.count()) == ("GL2562-7", PublishState.DRAFT, 4)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"code": "GL2561-1"}, "code"),
        ({"code": "โครงการ 1"}, "code"),
        ({"code": ""}, "code"),
        ({"title_th": ""}, "title_th"),
        ({"title_th": "ก" * 5000}, "title_th"),
        ({"title_th": "ก\x00ข"}, "title_th"),
        ({"cohort": "987654"}, "cohort"),
        ({"cohort": "x"}, "cohort"),
        ({"types": ["987654"]}, "types"),
        ({"sources": ["x"]}, "sources"),
    ],
)
def test_a_bad_answer_gets_a_sentence_at_the_field_and_all_is_kept(desk, project, answers, field):
    page = desk.post(at("project-edit", project), typed(project, title_en="What I typed", **answers))
    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    assert 'value="What I typed"' in page.content.decode()
    assert Project.objects.get().version == project.version


def test_the_code_of_another_project_is_refused(desk, staff, project):
    other = factories.make_project(staff)
    page = desk.post(at("project-edit", project), typed(project, code=other.code))
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["code"])


def test_an_edit_is_saved_with_what_it_chooses(desk, staff, project):
    field = factories.make_field(staff)
    answer = desk.post(at("project-edit", project), typed(project, title_en="New", field=field.pk, code="GL2562-999"))
    assert answer.headers["Location"] == "/desk/projects/GL2562-999/"
    project.refresh_from_db()
    assert (project.title_en, project.field, project.code) == ("New", field, "GL2562-999")


def test_a_stale_edit_gets_both_versions_and_keeps_the_text(desk, staff, project):
    records.edit(project, by=staff, version=project.version, title_en="Theirs")
    page = desk.post(at("project-edit", project), typed(project, title_en="Mine"))
    assert page.status_code == 409
    rows = [(row["before"], row["after"]) for row in page.context["compare"]]
    assert rows == [("Theirs", "Mine")]
    assert Project.objects.get().title_en == "Theirs"
    again = desk.post(at("project-edit", project), typed(project, title_en="Both", version=page.context["version"]))
    assert (again.status_code, Project.objects.get().title_en) == (302, "Both")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_costs_the_same_however_long_its_lists_are(desk, staff, project, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_field(staff)
    with django_assert_num_queries(8):
        assert desk.get(at("project-edit", project)).status_code == 200


def test_staff_publish_and_hide_and_each_is_kept(desk, staff):
    project = factories.make_project(staff, published=False)
    for verb, state in (("publish", "published"), ("hide", "hidden"), ("publish", "published")):
        assert desk.post(at(f"project-{verb}", project)).headers["Location"] == at("project-detail", project)
        assert Project.objects.get().state == state
        assert at(f"project-{verb}", project) not in desk.get(at("project-detail", project)).content.decode()
    assert desk.get(at("project-publish", project)).status_code == 405


# --- agencies with a part --------------------------------------------------------------------------------------------
def test_an_agency_gets_a_part_once(desk, project, other_agency):
    url, data = at("part-add", project), {"agency": other_agency.pk, "part": "partner", "form_key": "k"}
    for _click in range(2):
        assert desk.post(url, data).headers["Location"] == at("project-detail", project)
    assert project.parts.filter(agency=other_agency).count() == 1
    page = desk.post(url, {**data, "form_key": "another"})
    assert (page.status_code, sum(map(len, page.context["form"].errors.values()))) == (400, 1)


def test_a_part_is_changed_and_a_stale_change_is_compared(desk, project):
    part = project.parts.get()
    url, data = (
        at("part-edit", project, part.pk),
        {"agency": part.agency_id, "part": "support", "version": part.version},
    )
    assert desk.post(url, data).status_code == 302
    page = desk.post(url, {**data, "part": "partner"})
    assert (page.status_code, len(page.context["compare"])) == (409, 1)
    assert project.parts.get().part == "support"


def test_a_part_is_taken_out_after_a_question_and_two_clicks_do_it_once(desk, project):
    part = project.parts.get()
    url = at("part-remove", project, part.pk)
    assert desk.get(url).status_code == 200
    for _click in range(2):
        assert desk.post(url, {"form_key": "k"}).headers["Location"] == at("project-detail", project)
    assert project.parts.count() == 0
    assert ProjectAgency.history.filter(history_change_reason="remove").count() == 1


def test_a_part_of_another_project_is_not_there(desk, staff, project):
    other = factories.make_project(staff)
    part = project.parts.get()
    assert [desk.get(at(name, other, part.pk)).status_code for name in ("part-edit", "part-remove")] == [404, 404]


# --- stages ----------------------------------------------------------------------------------------------------------
def test_a_stage_takes_dates_as_people_type_them(desk, project):
    stage = project.stages.get(number=2)
    data = {"state": "done", "planned_end": "30 มิ.ย. 2562", "actual_end": "๒๘/๖/๒๕๖๒", "version": stage.version}
    assert desk.post(at("stage-edit", project, 2), data).status_code == 302
    stage.refresh_from_db()
    assert (stage.planned_end, stage.actual_end) == (dt.date(2019, 6, 30), dt.date(2019, 6, 28))
    assert Project.objects.get().current_stage == 2


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"planned_end": "31/2/2562"}, "planned_end"),
        ({"planned_end": "เมื่อวาน"}, "planned_end"),
        ({"planned_start": "2/2/2562", "planned_end": "1/2/2562"}, "planned_end"),
        ({"actual_end": "1/2/2562"}, "state"),
        ({"state": "somewhere"}, "state"),
    ],
)
def test_a_bad_date_gets_a_sentence_and_stays_as_typed(desk, project, answers, field):
    stage = project.stages.get(number=1)
    data = {"state": "in_progress", "version": stage.version, **answers}
    page = desk.post(at("stage-edit", project, 1), data)
    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    kept = [f'value="{value}"' in page.content.decode() for name, value in answers.items() if name != "state"]
    assert all(kept)
    assert Stage.objects.get(pk=stage.pk).version == stage.version


def test_a_stale_stage_is_compared_and_a_fifth_is_not_there(desk, staff, project):
    stage = project.stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, state="in_progress")
    page = desk.post(at("stage-edit", project, 1), {"state": "done", "version": stage.version})
    assert page.status_code == 409
    assert desk.get(at("stage-edit", project, 5)).status_code == 404


# --- indicators ------------------------------------------------------------------------------------------------------
def test_an_indicator_takes_thai_digits_and_is_added_once(desk, project):
    data = {
        "name_th": "โรงเรียน",
        "unit_th": "แห่ง",
        "direction": "up",
        "counting": "cumulative",
        "baseline": "๐",
        "target": "1,200.5",
        "form_key": "k",
    }
    for _click in range(2):
        assert desk.post(at("indicator-add", project), data).status_code == 302
    indicator = Indicator.objects.get()
    assert (indicator.project, indicator.baseline, float(indicator.target)) == (project, 0, 1200.5)
    assert 'value="1200.5"' in desk.get(at("indicator-edit", project, indicator.pk)).content.decode()


@pytest.mark.parametrize("target", ["N/A", "1,5", "1e400", "9" * 30])
def test_what_is_no_number_gets_a_sentence(desk, project, target):
    data = {"name_th": "โรงเรียน", "unit_th": "แห่ง", "direction": "up", "counting": "periodic", "target": target}
    page = desk.post(at("indicator-add", project), data)
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["target"])
    assert f'value="{target}"' in page.content.decode()


def test_a_stale_indicator_is_compared(desk, staff, project):
    indicator = factories.make_indicator(staff, project)
    records.edit(indicator, by=staff, version=indicator.version, unit_th="โรง")
    data = {"name_th": "ใหม่", "unit_th": "แห่ง", "direction": "up", "counting": "periodic"}
    data["version"] = indicator.version
    assert desk.post(at("indicator-edit", project, indicator.pk), data).status_code == 409
    assert (
        desk.post(at("indicator-edit", project, indicator.pk), {**data, "version": indicator.version + 1}).status_code
        == 302
    )


def test_a_change_of_the_unit_asks_about_the_numbers_that_were_reported(desk, staff, reporter, project):
    indicator = factories.make_indicator(staff, project)
    at_it = at("indicator-edit", project, indicator.pk)
    data = {"name_th": "โรงเรียน", "unit_th": "โรง", "direction": "up", "counting": "periodic", "version": 1}
    factories.make_update(reporter, project, readings={indicator: Measure(Decimal(4))})
    assert desk.get(at_it).context["form"]["sure"].is_hidden
    page = desk.post(at_it, data)
    form = page.context["form"]
    assert (page.status_code, list(form.errors), form["sure"].is_hidden) == (400, ["unit_th"], False)
    assert "“แห่ง”" in form.errors["unit_th"][0]
    assert desk.post(at_it, {**data, "sure": "on"}).status_code == 302
    assert Indicator.objects.get().unit_th == "โรง"


def test_an_indicator_goes_after_a_question_that_counts_its_readings(desk, staff, reporter, project):
    indicator = factories.make_indicator(staff, project)
    factories.make_update(reporter, project, "submitted", readings={indicator: Measure(Decimal(4))})
    url = at("indicator-remove", project, indicator.pk)
    assert "1 reading goes with it." in desk.get("/en" + url).content.decode()
    for _click in range(2):
        assert desk.post(url, {"form_key": "k"}).status_code == 302
    assert Indicator.objects.count() == 0
