"""Meetings and resolutions for other programs: as much of each as the person may see."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from govlab.files import Attached
from govlab.history import keep
from projects.models import (
    AgendaItem,
    Assignment,
    FollowUp,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Resolution,
    Shown,
)
from projects.rules import decisions, meetings, papers, publishing
from projects.rules.meetings import add_part
from tests import factories

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


def fill(staff: Any, meeting: Any, agency: Any, project: Any, shown: Shown) -> AgendaItem:
    """An item that shows this much, with one of everything under it."""
    item = add_part(
        AgendaItem, by=staff, meeting=meeting, title_th="วาระ", shown=shown, discussion="อภิปราย", presenter="นายก",
        projects=[project],
    )  # fmt: skip
    said = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติ", concerns=[agency])
    add_part(Assignment, by=staff, meeting=meeting, resolution=said, agency=agency, text_th="งาน", projects=[project])
    papers.attach(item, by=staff, files=[Attached("แผน.pdf", "pdf", 9, "a" * 64)])
    earlier = factories.make_meeting(staff)
    asked = add_part(Assignment, by=staff, meeting=earlier, agency=agency, text_th="งานเดิม")
    keep(FollowUp(meeting=meeting, item=item, assignment=asked), "carry_on", by=staff, note="เร่งรัด")
    return item


@pytest.fixture
def meeting(staff: Any, agency: Any, project: Any) -> Any:
    """Four items, which show nothing, the title, the resolutions, everything."""
    meeting = factories.make_meeting(staff)
    for shown in Shown:
        fill(staff, meeting, agency, project, shown)
    return meeting


def told(item: Any) -> tuple[Any, ...]:
    """How much of an item there is to read."""
    parts = ("resolutions", "follow_ups", "papers")
    return item["number"], item["discussion"], *(len(item[part]) for part in parts)


def test_an_item_tells_a_visitor_what_it_shows_and_staff_everything(call: Any, meeting: Any, staff: Any) -> None:
    path = f"/api/v1/meetings/{meeting.key}/"
    agenda = call().get(path).json()["agenda"]
    assert [told(item) for item in agenda] == [("2", "", 0, 0, 0), ("3", "", 1, 1, 0), ("4", "อภิปราย", 1, 1, 1)]
    assert [name for item in agenda for name in item if name == "shown"] == []
    agenda = call(staff).get(path).json()["agenda"]
    assert [told(item) for item in agenda] == [(n, "อภิปราย", 1, 1, 1) for n in ("1", "2", "3", "4")]
    assert [item["shown"] for item in agenda] == [0, 1, 2, 3]


def test_an_item_names_its_projects_papers_and_what_came_back(
    call: Any, meeting: Any, agency: Any, project: Any, staff: Any
) -> None:
    path = f"/api/v1/meetings/{meeting.key}/"
    item = call().get(path).json()["agenda"][-1]
    assert (item["projects"], item["presenter"], item["kind"]) == ([project.code], "นายก", "")
    (paper,) = item["papers"]
    assert (paper["name"], paper["url"]) == ("แผน.pdf", f"{HOST}/evidence/{paper['id']}/")
    (back,) = item["follow_ups"]
    origin = FollowUp.objects.get(pk=back["id"]).assignment.meeting
    assert (back["origin"], back["note"], back["state"], back["closed_here"]) == (origin.key, "เร่งรัด", "open", False)
    assert "was_percent" not in back
    (told_to_staff,) = call(staff).get(path).json()["agenda"][-1]["follow_ups"]
    assert told_to_staff["was_percent"] is None
    publishing.hide(project, by=staff)
    publishing.hide(origin, by=staff)
    item = call().get(path).json()["agenda"][-1]
    assert (item["projects"], item["follow_ups"]) == ([], [])


def test_the_items_stand_in_the_order_of_reading(call: Any, staff: Any) -> None:
    meeting = factories.make_meeting(staff)
    first = add_part(AgendaItem, by=staff, meeting=meeting, title_th="ก")
    add_part(AgendaItem, by=staff, meeting=meeting, title_th="ข")
    add_part(AgendaItem, by=staff, meeting=meeting, title_th="ค", parent=first)
    agenda = call().get(f"/api/v1/meetings/{meeting.key}/").json()["agenda"]
    assert [item["number"] for item in agenda] == ["1", "1.1", "2"]


def test_people_have_a_part_and_never_an_address(call: Any, staff: Any) -> None:
    day = timezone.localdate() + dt.timedelta(days=9)
    for when, seen in ((dt.date(2019, 1, 11), ["แขก", "วิทยากร"]), (day, ["วิทยากร"])):
        meeting = factories.make_meeting(staff, starts_on=when)
        for name, part in (("แขก", "observer"), ("วิทยากร", "speaker")):
            person = {"name_th": name, "part": part, "email": "someone@example.org"}
            speaker = add_part(MeetingPerson, by=staff, meeting=meeting, **person)
        session = add_part(
            MeetingSession, by=staff, meeting=meeting, title_th="ช่วง", day=when, starts_at=dt.time(9), place_th="ห้อง",
            speakers=[speaker],
        )  # fmt: skip
        add_part(MeetingPoint, by=staff, meeting=meeting, session=session, text_th="ประเด็น")
        for who, names in ((None, seen), (staff, ["แขก", "วิทยากร"])):
            answer = call(who).get(f"/api/v1/meetings/{meeting.key}/")
            found = answer.json()
            assert [row["name_th"] for row in found["people"]] == names
            assert b"someone@example.org" not in answer.content
        (told,) = found["sessions"]
        assert (told["day"], told["starts_at"], told["place_th"]) == (when.isoformat(), "09:00:00", "ห้อง")
        assert [row["name_th"] for row in told["speakers"]] == ["วิทยากร"]
        assert [row["session"] for row in found["points"]] == [told["id"]]


@pytest.mark.parametrize("n", [1, 3])
def test_a_meeting_costs_the_same_however_much_it_holds(
    call: Any, staff: Any, agency: Any, project: Any, n: int, django_assert_num_queries: Any
) -> None:
    meeting = factories.make_meeting(staff)
    for _n in range(n):
        fill(staff, meeting, agency, project, Shown.EVERYTHING)
        speaker = add_part(MeetingPerson, by=staff, meeting=meeting, name_th="วิทยากร")
        add_part(MeetingSession, by=staff, meeting=meeting, title_th="ช่วง", speakers=[speaker])
    with django_assert_num_queries(14):
        call().get(f"/api/v1/meetings/{meeting.key}/")


def test_a_resolution_tells_what_it_asks_and_what_became_of_it(
    call: Any, meeting: Any, staff: Any, agency: Any, project: Any
) -> None:
    row = meeting.resolutions.get(item__shown=Shown.EVERYTHING)
    asked = row.assignments.get()
    later = factories.make_meeting(staff, starts_on=dt.date(2019, 3, 1))
    item = add_part(AgendaItem, by=staff, meeting=later, title_th="เรื่องสืบเนื่อง")
    keep(FollowUp(meeting=later, item=item, assignment=asked), "carry_on", by=staff, note="ปิดเรื่อง")
    decisions.close(asked, by=staff, note="ภายใน", meeting=later)
    named = {"key": agency.key, "name_th": agency.name_th, "name_en": ""}
    found = call().get(f"/api/v1/resolutions/{row.pk}/").json()
    (work,) = found.pop("assignments")
    assert {name: found[name] for name in ("number", "meeting", "text_th", "concerns", "url")} == {
        "number": "4.1",
        "meeting": meeting.key,
        "text_th": "มติ",
        "concerns": [named],
        "url": f"{HOST}/resolutions/{row.pk}/",
    }
    assert (found["item"]["number"], found["item"]["projects"]) == ("4", [project.code])
    assert (work["agency"], work["state"], work["closed_in"]) == (named, "closed", later.key)
    assert [(back["meeting"], back["note"], back["closed_here"]) for back in work["follow_ups"]] == [
        (later.key, "ปิดเรื่อง", True)
    ]
    assert ("closing_note" in work, "ภายใน" in str(work)) == (False, False)
    assert "was_percent" not in str(call().get(f"/api/v1/resolutions/{row.pk}/").json())
    assert "was_percent" in str(call(staff).get(f"/api/v1/resolutions/{row.pk}/").json())
    publishing.hide(later, by=staff)
    (work,) = call().get(f"/api/v1/resolutions/{row.pk}/").json()["assignments"]
    assert (work["closed_in"], work["follow_ups"], work["state"]) == (None, [], "closed")


def test_the_ledger_is_filtered_as_on_its_page(call: Any, meeting: Any, staff: Any, agency: Any, project: Any) -> None:
    def count(who: Any = None, **query: str) -> int:
        return call(who).get("/api/v1/resolutions/", query).json()["count"]

    assert (count(), count(staff)) == (2, 4)
    assert (count(state="open"), count(state="none"), count(agency=agency.key), count(q="งาน")) == (2, 0, 2, 2)
    assert (count(project=project.code), call().get("/api/v1/resolutions/?state=x").status_code) == (2, 400)
    hidden = meeting.resolutions.get(item__shown=Shown.NOTHING)
    path = f"/api/v1/resolutions/{hidden.pk}/"
    assert [call(who).get(path).status_code for who in (None, staff)] == [404, 200]
    assert call(staff).get(path).json()["url"] is None


@pytest.mark.parametrize("n", [1, 3])
def test_the_ledger_costs_the_same_for_one_row_and_for_three(
    call: Any, staff: Any, agency: Any, project: Any, n: int, django_assert_num_queries: Any
) -> None:
    meeting = factories.make_meeting(staff)
    for _n in range(n):
        fill(staff, meeting, agency, project, Shown.EVERYTHING)
    with django_assert_num_queries(8):
        assert call().get("/api/v1/resolutions/").json()["count"] == n


def test_an_agency_reads_what_it_is_asked_and_no_more_of_the_meeting(
    call: Any, meeting: Any, reporter: Any, staff: Any
) -> None:
    less = meeting.agenda.get(shown=Shown.RESOLUTIONS)
    meetings.edit_part(less, by=staff, version=less.version, shown=Shown.TITLE)
    agenda = call(reporter).get(f"/api/v1/meetings/{meeting.key}/").json()["agenda"]
    assert [told(item) for item in agenda] == [("2", "", 0, 0, 0), ("3", "", 0, 0, 0), ("4", "อภิปราย", 1, 1, 1)]
    assert call(reporter).get("/api/v1/resolutions/").json()["count"] == 1
