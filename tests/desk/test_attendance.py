"""Who came to a meeting, on one page for all; members of the series who are missing are brought in."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from projects.models import MeetingPerson, SeriesMember
from projects.rules import attendance, meetings, phases
from projects.rules import series as rules
from tests import factories


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def series(staff):
    return rules.add(by=staff, key="committee", name_th="คณะกรรมการ")


@pytest.fixture
def meeting(staff, series):
    return factories.make_meeting(staff, kind="committee", series=series, published=False)


@pytest.fixture
def people(staff, meeting):
    """Three members, and somebody who came in the stead of the third."""
    rows = [
        meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th=f"กรรมการ {n}", part="member")
        for n in (1, 2, 3)
    ]
    deputy = {"name_th": "ผู้แทน", "part": "observer", "stands_for": rows[2]}
    return [*rows, meetings.add_part(MeetingPerson, by=staff, meeting=meeting, **deputy)]


def at(meeting, verb="attendance"):
    return reverse(f"desk:meeting-{verb}", args=[meeting.key])


def answers_of(page, **changes):
    """What the page would send, with what was changed."""
    sent = {"form_key": uuid.uuid4().hex}
    for person, field, was in page.context["form"].rows():
        sent |= {str(person.pk): field.value() or "", f"was-{person.pk}": was}
    return {**sent, **changes}


def stands():
    """How everybody is marked, in their order."""
    return list(MeetingPerson.objects.order_by("pk").values_list("presence", flat=True))


def test_everybody_is_marked_on_one_page(desk, meeting, people):
    page = desk.get(at(meeting))
    ids = [str(person.pk) for person in people]
    changed = {ids[0]: "present", ids[1]: "excused", ids[3]: "present"}
    assert desk.post(at(meeting), answers_of(page, **changed))["Location"].endswith("/#people")
    assert stands() == ["present", "excused", "", "present"]
    count = desk.get(at(meeting)).context["count"]
    assert (count.present, count.members, count.needed, count.reached) == (2, 3, 2, True)


def test_one_button_marks_every_member_who_is_not_marked_and_not_stood_in_for(desk, meeting, people):
    page = desk.get(at(meeting))
    ids = [str(person.pk) for person in people]
    answer = desk.post(at(meeting), answers_of(page, **{ids[1]: "absent", ids[3]: "present", "all": "1"}))
    assert answer["Location"] == at(meeting)
    assert stands() == ["present", "absent", "", "present"]


def test_two_who_mark_at_once_do_not_overwrite_each_other(desk, staff, meeting, people):
    page = desk.get(at(meeting))
    attendance.mark(meeting, by=staff, presences={people[0].pk: "absent"})
    desk.post(at(meeting), answers_of(page, **{str(people[1].pk): "present"}))
    assert stands() == ["absent", "present", "", ""]


def test_two_who_mark_the_same_person_see_it_and_the_second_may_insist(desk, staff, meeting, people):
    page = desk.get(at(meeting))
    attendance.mark(meeting, by=staff, presences={people[0].pk: "absent"})
    name, other = str(people[0].pk), str(people[1].pk)
    refused = desk.post(at(meeting), answers_of(page, **{name: "present", other: "excused"}))
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, [name])
    assert stands() == ["absent", "", "", ""]
    again = answers_of(refused)
    assert (again[name], again[f"was-{name}"], again[other], again[f"was-{other}"]) == (
        "present",
        "absent",
        "excused",
        "",
    )
    desk.post(at(meeting), again)
    assert stands() == ["present", "excused", "", ""]


@pytest.mark.parametrize("wrong", [{"0": "late"}, {"2": "present", "3": "present"}])
def test_a_bad_answer_is_a_sentence_and_nothing_is_noted(desk, meeting, people, wrong):
    changed = {str(people[int(place)].pk): value for place, value in wrong.items()}
    page = desk.post(at(meeting), answers_of(desk.get(at(meeting)), **changed))
    assert (page.status_code, stands()) == (400, [""] * 4)
    assert {name: page.context["form"][name].value() for name in changed} == changed


def test_somebody_removed_meanwhile_is_left_out(desk, staff, meeting, people):
    page = desk.get(at(meeting))
    sent = answers_of(page, **{str(people[0].pk): "present", str(people[1].pk): "present"})
    people[0].delete()
    assert desk.post(at(meeting), sent).status_code == 302
    assert stands() == ["present", "", ""]


def test_nobody_is_marked_any_more_once_the_minutes_are_adopted(desk, staff, meeting, people):
    page = desk.get(at(meeting))
    phases.adopt(phases.finish(meeting, by=staff), by=staff, adopted_on=dt.date(2019, 2, 1))
    refused = desk.post(at(meeting), answers_of(page, **{str(people[0].pk): "present"}))
    assert (refused.status_code, stands()) == (400, [""] * 4)
    assert desk.get(at(meeting)).context["open"] is False


def test_what_is_marked_is_kept_before_it_is_saved(desk, meeting, people):
    sent = answers_of(desk.get(at(meeting)), **{str(people[0].pk): "excused"})
    kept = desk.post(at(meeting), sent, headers={"X-Autosave": "1;after=0"})
    assert (kept.status_code, stands()) == (200, [""] * 4)
    form = desk.get(at(meeting)).context["form"]
    assert [field.value() for _person, field, _was in form.rows()] == ["excused", "", "", ""]


def test_a_meeting_without_people_says_what_to_do(desk, meeting):
    assert reverse("desk:meeting-part-add", args=[meeting.key, "people"]) in desk.get(at(meeting)).content.decode()


@pytest.mark.parametrize("rows", [1, 200])
def test_the_page_asks_the_same_of_the_database_for_200_people(
    desk, staff, meeting, people, rows, django_assert_num_queries
):
    MeetingPerson.objects.bulk_create(
        MeetingPerson(meeting=meeting, name_th=f"คนที่ {n}", part="member", position=n + 9) for n in range(rows)
    )
    with django_assert_num_queries(7):
        page = desk.get(at(meeting))
    assert len(page.context["form"].people) == rows + 4


# --- members of the series -------------------------------------------------------------------------------------------
def test_members_who_are_missing_are_named_and_brought_in_once(desk, staff, series, meeting, people, agency):
    for name, more in (("กรรมการ 1", {}), ("กรรมการใหม่", {"agency": agency, "email": "new@govlab.test"})):
        rules.add_part(SeriesMember, by=staff, series=series, name_th=name, role_th="กรรมการ", **more)
    page = desk.get(at(meeting))
    assert [str(member) for member in page.context["missing"]] == ["กรรมการใหม่"]
    key = {"form_key": uuid.uuid4().hex}
    assert [desk.post(at(meeting, "members"), key)["Location"] for _click in range(2)] == [at(meeting)] * 2
    made = MeetingPerson.objects.order_by("pk").last()
    assert (MeetingPerson.objects.count(), made.name_th, made.role_th, made.agency, made.email, made.part) == (
        *(5, "กรรมการใหม่", "กรรมการ", agency, "new@govlab.test", "member"),
    )
    assert desk.get(at(meeting)).context["missing"] == []


def test_a_meeting_outside_a_series_has_nobody_to_bring_in(desk, staff):
    meeting = factories.make_meeting(staff)
    assert desk.post(at(meeting, "members"))["Location"] == at(meeting)
    assert MeetingPerson.objects.count() == 0


def test_only_staff_bring_members_in(reporter, staff, series, meeting):
    rules.add_part(SeriesMember, by=staff, series=series, name_th="กรรมการ")
    with pytest.raises(PermissionDenied):
        attendance.bring_members(meeting, by=reporter)
    assert MeetingPerson.objects.count() == 0


def test_members_beyond_what_a_meeting_holds_are_refused(desk, staff, series, meeting):
    rules.add_part(SeriesMember, by=staff, series=series, name_th="กรรมการ")
    MeetingPerson.objects.bulk_create(MeetingPerson(meeting=meeting, name_th=f"{n}", position=n) for n in range(300))
    answer = desk.post(at(meeting, "members"), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert MeetingPerson.objects.count() == 300
