"""Parts of a meeting: their place, their numbers, what goes with what is removed, and who may."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.rules import records
from govlab.history import Stale
from projects.models import AgendaItem, Assignment, Meeting, MeetingPerson, MeetingSeries, Resolution
from projects.models.agenda import agenda_tree, number_key
from projects.rules import assignments, decisions, meetings, publishing
from tests import factories


@pytest.fixture
def meeting(staff):
    return factories.make_meeting(staff, published=False)


def add(staff, meeting, model, **answers):
    return meetings.add_part(model, by=staff, meeting=meeting, **answers)


@pytest.fixture
def item(staff, meeting):
    return add(staff, meeting, AgendaItem, title_th="เรื่องที่หนึ่ง")


@pytest.fixture
def resolution(staff, meeting, item):
    return add(staff, meeting, Resolution, item=item, text_th="มติ")


@pytest.fixture
def assignment(staff, meeting, resolution, agency):
    return add(staff, meeting, Assignment, resolution=resolution, agency=agency, text_th="ขอให้ศึกษา")


def refusal_of(call):
    with pytest.raises(ValidationError) as refusal:
        call()
    return refusal.value


# --- numbers ---------------------------------------------------------------------------------------------------------
def test_numbers_are_ordered_as_people_count():
    assert sorted(["2", "1.10", "1.2", "10", "1", "1.2.1", "ก"], key=number_key) == [
        *("1", "1.2", "1.2.1", "1.10", "2", "10", "ก")
    ]


def test_a_series_has_each_number_of_a_year_once(staff):
    series = records.add(MeetingSeries, by=staff, key="series", name_th="ชุด")
    factories.make_meeting(staff, series=series, number=3, year=2564)
    refusal = refusal_of(lambda: factories.make_meeting(staff, series=series, number=3, year=2564))
    assert list(refusal.error_dict) == ["number"]
    assert Meeting.objects.count() == 1


def test_the_year_of_a_meeting_is_buddhist(staff):
    series = records.add(MeetingSeries, by=staff, key="series", name_th="ชุด")
    refusal = refusal_of(lambda: factories.make_meeting(staff, series=series, number=3, year=2021))
    assert list(refusal.error_dict) == ["year"]


# --- place -----------------------------------------------------------------------------------------------------------
def test_a_part_comes_last_among_its_kind_unless_it_has_a_place(staff, meeting, item):
    people = [add(staff, meeting, MeetingPerson, name_th="ก", **place) for place in ({}, {}, {"position": 9}, {})]
    assert [person.position for person in people] == [1, 2, 9, 10]


def test_what_a_part_stands_under_is_of_the_same_meeting(staff, meeting, resolution, item, agency):
    other = factories.make_meeting(staff)
    for model, name, above, answers in (
        (AgendaItem, "parent", item, {"title_th": "x"}),
        (Resolution, "item", item, {"text_th": "x"}),
        (Assignment, "resolution", resolution, {"agency": agency, "text_th": "x"}),
    ):
        answers[name] = above
        refusal = refusal_of(lambda model=model, answers=answers: add(staff, other, model, **answers))
        assert (list(refusal.error_dict), model.objects.filter(meeting=other).count()) == ([name], 0)


def test_an_item_never_stands_under_itself(staff, meeting, item):
    below = add(staff, meeting, AgendaItem, title_th="ย่อย", parent=item)
    for parent in (item, below):
        refusal = refusal_of(
            lambda parent=parent: meetings.edit_part(item, by=staff, version=item.version, parent=parent)
        )
        assert list(refusal.error_dict) == ["parent"]
    assert AgendaItem.objects.get(pk=item.pk).parent is None


def test_the_agenda_is_read_by_place(staff, meeting, item, resolution, assignment, agency):
    second = add(staff, meeting, AgendaItem, title_th="สอง")
    add(staff, meeting, Resolution, item=second, text_th="x")
    other = add(staff, meeting, Resolution, item=item, text_th="x")
    add(staff, meeting, AgendaItem, title_th="ย่อย", parent=item)
    whole = add(staff, meeting, Assignment, agency=agency, text_th="ทั้งการประชุม", due_on=dt.date(2019, 2, 1))
    tree = agenda_tree(
        meeting.agenda.all(),
        meeting.resolutions.all(),
        meeting.assignments.all(),
        concerns={other.pk: ["a"]},
        partners={whole.pk: ["b"]},
        on=dt.date(2019, 2, 4),
    )
    first, last = tree.items
    assert [row.item.number for row in tree.items] == ["1", "2"]
    assert [row.item.number for row in first.items] == ["1.1"]
    assert [row.resolution.number for row in first.decided] == ["1.2", "1.3"]
    assert [row.concerns for row in first.decided] == [(), ["a"]]
    assert [row.assignment for row in first.decided[0].asked] == [assignment]
    assert [row.resolution.number for row in last.decided] == ["2.1"]
    assert [(row.assignment, row.partners, row.days_late) for row in tree.asked] == [(whole, ["b"], 3)]


# --- who and when ----------------------------------------------------------------------------------------------------
def test_only_staff_keep_the_parts(staff, reporter, lead, stranger, visitor, meeting, item):
    for person in (reporter, lead, stranger, visitor):
        for call in (
            lambda person=person: meetings.add_part(AgendaItem, by=person, meeting=meeting, title_th="x"),
            lambda person=person: meetings.edit_part(item, by=person, version=item.version, title_th="x"),
            lambda person=person: meetings.remove_part(item, by=person),
            lambda person=person: meetings.remove(meeting, by=person),
        ):
            with pytest.raises(PermissionDenied):
                call()
    item.refresh_from_db()
    assert (item.title_th, item.version, AgendaItem.objects.count()) == ("เรื่องที่หนึ่ง", 1, 1)


def test_an_edit_of_an_older_version_is_stale(staff, item):
    meetings.edit_part(item, by=staff, version=1, title_th="ใหม่")
    with pytest.raises(Stale):
        meetings.edit_part(item, by=staff, version=1, title_th="เก่า")


def test_work_is_due_after_the_meeting(staff, meeting, agency):
    refusal = refusal_of(
        lambda: add(staff, meeting, Assignment, agency=agency, text_th="x", due_on=dt.date(2019, 1, 10))
    )
    assert list(refusal.error_dict) == ["due_on"]


# --- removing --------------------------------------------------------------------------------------------------------
def test_what_stands_under_a_part_goes_along(staff, meeting, item, resolution, assignment):
    below = add(staff, meeting, AgendaItem, title_th="ย่อย", parent=item)
    deep = add(staff, meeting, Resolution, item=below, text_th="มติย่อย")
    add(staff, meeting, AgendaItem, title_th="อื่น")
    assert meetings.goes_along(item) == [assignment, resolution, deep, below]
    assert meetings.goes_along(resolution) == [assignment]
    assert meetings.goes_along(assignment) == []


def test_what_goes_along_is_found_with_few_queries(staff, meeting, item, django_assert_num_queries):
    for _number in range(30):
        below = add(staff, meeting, AgendaItem, title_th="ย่อย", parent=item)
        add(staff, meeting, Resolution, item=below, text_th="มติ")
    with django_assert_num_queries(3):
        assert len(meetings.goes_along(item)) == 60


def test_removing_an_item_removes_what_goes_along_and_the_history_says_who(staff, item, resolution, assignment):
    meetings.remove_part(item, by=staff, along=2)
    assert [AgendaItem.objects.count(), Resolution.objects.count(), Assignment.objects.count()] == [0, 0, 0]
    for model in (AgendaItem, Resolution, Assignment):
        entry = model.history.first()
        assert (entry.history_type, entry.history_user, entry.history_change_reason) == ("-", staff, "remove")


@pytest.mark.parametrize("along", [0, 1, 3])
def test_nothing_is_removed_that_the_person_was_not_told_of(staff, item, resolution, assignment, along):
    assert refusal_of(lambda: meetings.remove_part(item, by=staff, along=along)).code == "moment"
    assert [AgendaItem.objects.count(), Resolution.objects.count(), Assignment.objects.count()] == [1, 1, 1]


def test_what_an_agency_has_answered_stays(staff, reporter, meeting, item, resolution, assignment):
    publishing.publish(meeting, by=staff)
    assignments.answer(assignment, by=reporter, text="ทำแล้ว")
    for part, along in ((item, 2), (resolution, 1), (assignment, 0)):
        refusal_of(lambda part=part, along=along: meetings.remove_part(part, by=staff, along=along))
    assert Assignment.objects.count() == 1


def test_a_draft_meeting_is_removed_with_its_parts(staff, meeting, item, resolution, assignment):
    meetings.remove(meeting, by=staff)
    assert (Meeting.objects.count(), AgendaItem.objects.count(), Assignment.objects.count()) == (0, 0, 0)
    assert Meeting.history.first().history_user == staff


@pytest.mark.parametrize("hidden", [False, True])
def test_a_meeting_that_was_published_stays(staff, meeting, hidden):
    publishing.publish(meeting, by=staff)
    if hidden:
        publishing.hide(meeting, by=staff)
    assert refusal_of(lambda: meetings.remove(meeting, by=staff)).code == "moment"
    assert Meeting.objects.count() == 1


def test_a_draft_innovation_is_removed_and_a_published_one_stays(staff, reporter):
    draft = factories.make_innovation(staff, published=False)
    shown = factories.make_innovation(staff)
    with pytest.raises(PermissionDenied):
        publishing.remove(draft, by=reporter)
    publishing.remove(draft, by=staff)
    assert refusal_of(lambda: publishing.remove(shown, by=staff)).code == "moment"
    assert list(type(shown).objects.all()) == [shown]


# --- lateness --------------------------------------------------------------------------------------------------------
def test_work_is_late_from_the_day_after_it_was_due_until_staff_close_it(staff, meeting, agency):
    due = dt.date(2019, 3, 1)
    asked = add(staff, meeting, Assignment, agency=agency, text_th="x", due_on=due)
    add(staff, meeting, Assignment, agency=agency, text_th="ไม่มีกำหนด")
    days = [due - dt.timedelta(1), due, due + dt.timedelta(1), due + dt.timedelta(40)]
    assert [asked.days_late(day) for day in days] == [0, 0, 1, 40]
    assert [list(Assignment.objects.late(day)) for day in days] == [[], [], [asked], [asked]]
    closed = decisions.close(asked, by=staff, note="เรียบร้อย")
    assert (closed.days_late(days[-1]), list(Assignment.objects.late(days[-1]))) == (0, [])
