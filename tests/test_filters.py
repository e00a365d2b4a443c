"""The filters that pages and API share."""

import datetime as dt

import pytest
from django.utils import translation

from agencies.models import Agency
from agencies.rules import records
from projects.filters import AgencyFilter, AssignmentFilter, MeetingFilter, OpinionFilter, ProjectFilter
from projects.models import AgendaItem, Assignment, InnovationType, Meeting, Project, Resolution
from projects.rules import assignments, decisions, meetings, projects, series, stages
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


def test_several_values_of_a_facet_are_any_of_them(three, agency, other_agency):
    assert codes(cohort=["2561", "2562"], order="code") == ["GL2561-2", "GL2562-9", "GL2562-10"]
    assert codes(agency=[agency.key, other_agency.key], order="code") == ["GL2561-2", "GL2562-9", "GL2562-10"]
    assert codes(stage=["unknown", "5"], order="code") == ["GL2561-2", "GL2562-10"]
    assert codes(cohort=["2562"], stage=["unknown", "5"]) == ["GL2562-10"]


def test_what_nobody_stated_can_be_asked_for(three, staff):
    factories.make_project(staff, code="GL2562-20", province="50", labs=[], year=2562)
    assert codes(type="unknown", order="code") == ["GL2562-9", "GL2562-10", "GL2562-20"]
    assert codes(field=[three.key, "unknown"], order="code") == ["GL2561-2", "GL2562-9", "GL2562-10", "GL2562-20"]
    assert codes(province="unknown", order="code") == ["GL2561-2", "GL2562-9", "GL2562-10"]
    assert codes(province=["50"]) == codes(province=["50", "50", ""]) == ["GL2562-20"]


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


@pytest.mark.parametrize("name", ["cohort", "stage", "field", "agency", "type", "lab", "facet", "province", "order"])
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
    assert (offered["type"], offered["field"]) == (["service", "unknown"], [three.key, "unknown"])


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


# --- the ledger ------------------------------------------------------------------------------------------------------
TODAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 5, 0, tzinfo=dt.UTC)


def texts(data, person=None):
    asked = AssignmentFilter(data, queryset=Assignment.objects.order_by("pk"), on=TODAY, person=person)
    assert asked.is_valid(), asked.errors
    return [row.text_th for row in asked.qs]


@pytest.fixture
def ledger(staff, agency, other_agency, reporter):
    """Four assignments: of a numbered meeting and of a conference, each otherwise different."""
    body = series.add(by=staff, key="anc", name_th="คณะ")
    answers = {"kind": "committee", "series": body, "starts_on": TODAY - dt.timedelta(200)}
    numbered = meetings.add(by=staff, key="anc-1", now=NOON, **answers)
    conference = factories.make_meeting(staff)
    project = factories.make_project(staff, code="GL2562-1")
    item = meetings.add_part(AgendaItem, by=staff, meeting=numbered, title_th="วาระ", projects=[project])
    resolution = meetings.add_part(Resolution, by=staff, meeting=numbered, item=item, text_th="เห็นชอบน้ำ ข้อ ๓")
    meetings.add_part(Resolution, by=staff, meeting=numbered, item=item, text_th="รับทราบ", concerns=[agency])

    def ask(text, days_ago, **more):
        answers = {"meeting": numbered, "agency": agency, "text_th": text, **more}
        return meetings.add_part(Assignment, by=staff, now=NOON - dt.timedelta(days_ago), **answers)

    ask("ช้า", 40, resolution=resolution, due_on=TODAY - dt.timedelta(1))
    ask("ใกล้", 30, due_on=TODAY + dt.timedelta(30), projects=[project])
    answered = ask("ตอบ", 400, due_on=TODAY + dt.timedelta(31))
    assignments.answer(answered, by=reporter, text="แล้ว")
    ask("ร่วม", 0, meeting=conference, agency=other_agency, partners=[agency])
    closed = ask("ปิด", 0, due_on=TODAY)
    decisions.close(closed, by=staff, note="แล้ว")
    return conference


def test_the_ledger_is_narrowed_by_each_filter(ledger, staff, agency, other_agency):
    found = {
        query: texts(dict([query.split("=")]), staff)
        for query in (
            "q=น้ำ",
            "q=กรมอื่น ร่วม",
            "q=3",
            "series=anc",
            f"meeting={ledger.key}",
            f"agency={other_agency.key}",
            "state=answered",
            "state=waiting",
            "late=yes",
            "late=soon",
            "late=none",
        )
    }
    assert found == {
        "q=น้ำ": ["ช้า"],
        "q=กรมอื่น ร่วม": ["ร่วม"],
        "q=3": ["ช้า"],
        "series=anc": ["ช้า", "ใกล้", "ตอบ", "ปิด"],
        f"meeting={ledger.key}": ["ร่วม"],
        f"agency={other_agency.key}": ["ร่วม"],
        "state=answered": ["ตอบ"],
        "state=waiting": ["ตอบ"],
        "late=yes": ["ช้า"],
        "late=soon": ["ใกล้"],
        "late=none": ["ร่วม"],
    }
    assert texts({"agency": agency.key, "state": "unfinished"}) == ["ช้า", "ใกล้", "ตอบ", "ร่วม"]
    assert texts({"project": "GL2562-1"}, staff) == ["ช้า", "ใกล้"]


def test_the_ledger_is_narrowed_by_age_to_the_day(staff, agency):
    for ago in (0, 30, 31, 90, 91, 180, 181, 365, 366):
        meeting = factories.make_meeting(staff, starts_on=TODAY - dt.timedelta(ago))
        factories.make_assignment(staff, agency, meeting=meeting, text_th=str(ago))
    closed = factories.make_assignment(staff, agency, text_th="ปิด")
    decisions.close(closed, by=staff, note="แล้ว")
    assert {key: texts({"age": key}) for key in ("0-30", "31-90", "91-180", "181-365", "366-")} == {
        "0-30": ["0", "30"],
        "31-90": ["31", "90"],
        "91-180": ["91", "180"],
        "181-365": ["181", "365"],
        "366-": ["366"],
    }


def test_the_ledger_offers_only_meetings_and_projects_that_the_person_sees(ledger, staff, agency, reporter):
    draft = factories.make_project(staff, published=False, code="GL2562-2")
    factories.make_assignment(staff, agency, meeting=ledger, projects=[draft])

    def offered(person):
        fields = AssignmentFilter({}, queryset=Assignment.objects.all(), person=person).form.fields
        return {name: [key for key, _label in fields[name].choices if key] for name in ("meeting", "project")}

    assert offered(staff) == {"meeting": ["anc-1", ledger.key], "project": ["GL2562-1", "GL2562-2"]}
    assert offered(None) == {"meeting": [ledger.key], "project": []}


def test_a_numbered_meeting_is_offered_by_its_series_and_number(ledger, staff):
    with translation.override("th"):
        fields = AssignmentFilter({}, queryset=Assignment.objects.all(), person=staff).form.fields
        assert dict(fields["meeting"].choices)["anc-1"] == "คณะ ครั้งที่ 1/2568"


def test_resolutions_that_ask_nothing_are_narrowed_too(ledger, agency, staff):
    rows = Resolution.objects.filter(assignments=None)
    asked = ({"q": "รับทราบ"}, {"agency": agency.key}, {"project": "GL2562-1"}, {"meeting": ledger.key}, {"q": "น้ำ"})
    assert [OpinionFilter(data, queryset=rows, person=staff).qs.count() for data in asked] == [1, 1, 1, 0, 0]
