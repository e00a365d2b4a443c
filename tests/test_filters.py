"""The filters that pages and API share."""

import datetime as dt

import pytest
from django.utils import translation

from agencies.models import Agency
from agencies.rules import records
from projects.filters import AgencyFilter, MeetingFilter, ProjectFilter
from projects.models import InnovationType, Meeting, Project
from projects.rules import projects, stages
from tests import factories

pytestmark = pytest.mark.django_db


def codes(**data):
    asked = ProjectFilter(data, queryset=Project.objects.all())
    assert asked.is_valid(), asked.errors
    return [project.code for project in asked.qs]


@pytest.fixture
def three(staff, agency, other_agency):
    """Three projects: 2561-2 and 2562-10 and 2562-9, each otherwise different."""
    kind = records.add(InnovationType, by=staff, key="service", name_th="บริการ")
    field = factories.make_field(staff, "การศึกษา")
    first = factories.make_project(staff, year=2561, code="GL2561-2", title_th="ข น้ำ", owner=agency, types=[kind])
    second = factories.make_project(staff, code="GL2562-10", title_th="ก", field=field)
    projects.add_part(second, by=staff, agency=other_agency, part="support")
    third = factories.make_project(staff, code="GL2562-9", title_th="ค", owner=agency)
    stage = third.stages.get(number=2)
    stages.edit(stage, by=staff, version=stage.version, state="in_progress")
    for stage in first.stages.all():
        stages.edit(stage, by=staff, version=stage.version, state="done")
    return field


def test_each_filter_narrows_the_list(three, agency, other_agency):
    assert codes(cohort="2561") == ["GL2561-2"]
    assert codes(field=three.key) == ["GL2562-10"]
    assert codes(agency=other_agency.key) == ["GL2562-10"]
    assert codes(agency=agency.key, order="code") == ["GL2561-2", "GL2562-9"]
    assert codes(type="service") == ["GL2561-2"]
    assert codes(q="น้ำ") == ["GL2561-2"]
    assert codes(q="น้ำ ข", cohort="2562") == []


def test_stages_are_none_one_to_four_or_all(three):
    assert {key: codes(stage=key) for key in ("unknown", "0", "2", "5")} == {
        "unknown": ["GL2562-10"],
        "0": [],
        "2": ["GL2562-9"],
        "5": ["GL2561-2"],
    }


def test_every_order_puts_the_rows_as_it_says(three):
    assert codes(order="code") == ["GL2561-2", "GL2562-9", "GL2562-10"]
    assert codes(order="-code") == ["GL2562-10", "GL2562-9", "GL2561-2"]
    assert codes(order="title") == ["GL2562-10", "GL2561-2", "GL2562-9"]
    assert codes(order="cohort") == ["GL2562-9", "GL2562-10", "GL2561-2"]
    assert codes(order="stage") == ["GL2561-2", "GL2562-9", "GL2562-10"]
    assert codes(order="updated") == ["GL2561-2", "GL2562-9", "GL2562-10"]


@pytest.mark.parametrize("name", ["cohort", "stage", "field", "agency", "type", "order"])
def test_an_unknown_value_is_an_error_of_its_field_and_filters_nothing(three, name):
    asked = ProjectFilter({name: "nope"}, queryset=Project.objects.all())
    assert {field: [error.code for error in errors] for field, errors in asked.errors.as_data().items()} == {
        name: ["invalid_choice"]
    }
    assert asked.qs.count() == 3


def test_a_nul_and_a_text_of_any_length_are_errors_too():
    for typed in ("\0", "ก" * 201):
        asked = ProjectFilter({"q": typed}, queryset=Project.objects.all())
        assert list(asked.errors) == ["q"]


def test_a_filter_asks_the_database_once_for_all_its_choices(three, django_assert_num_queries):
    with django_assert_num_queries(1):
        asked = ProjectFilter({}, queryset=Project.objects.all())
        offered = {
            name: [key for key, _label in field.choices if key]
            for name, field in asked.form.fields.items()
            if name != "q"
        }
    assert offered["cohort"] == ["2562", "2561"]
    assert (offered["type"], offered["field"]) == (["service"], [three.key])


def test_choices_carry_the_names_of_the_active_language(three):
    with translation.override("en"):
        asked = ProjectFilter({}, queryset=Project.objects.all())
        assert dict(asked.form.fields["cohort"].choices)["2562"] == "2019"
        assert dict(asked.form.fields["type"].choices)["service"] == "บริการ"  # no English name is known


def test_the_years_offered_are_those_of_meetings_that_may_be_seen(staff, visitor):
    factories.make_meeting(staff, starts_on=dt.date(2019, 1, 11))
    factories.make_meeting(staff, starts_on=dt.date(2021, 1, 11), published=False)
    seen = MeetingFilter({"year": "2564"}, queryset=Meeting.objects.visible_to(visitor))
    assert [key for key, _label in seen.form.fields["year"].choices if key] == ["2562"]
    assert list(seen.errors) == ["year"]
    assert MeetingFilter({"year": "2564"}, queryset=Meeting.objects.visible_to(staff)).qs.count() == 1


def test_agencies_are_filtered_by_words_and_kind(staff, agency):
    factories.make_agency(staff, "มหาวิทยาลัย ก", kind="academic")
    assert AgencyFilter({"kind": "academic"}, queryset=Agency.objects.all()).qs.count() == 1
    assert [row.pk for row in AgencyFilter({"q": "กรมตัว"}, queryset=Agency.objects.all()).qs] == [agency.pk]
