"""The public meeting list, a committee's agenda and a conference's page."""

import datetime as dt

import pytest

from agencies.rules import records
from govlab.history import keep
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSeries,
    MeetingSession,
    Resolution,
)
from projects.rules import publishing
from projects.rules.meetings import add_part
from tests import factories

pytestmark = pytest.mark.django_db


def make_committee(staff, agency, other_agency, items=1):
    """A published committee meeting: items with an item under the first, a resolution and an assignment each."""
    series = records.add(MeetingSeries, by=staff, key="sub", name_th="อ.ก.พ.ร.")
    meeting = records.add(
        Meeting, by=staff, key="sub-3", kind="committee", series=series, number=3, year=2564,
        starts_on=dt.date(2021, 11, 23), starts_at=dt.time(9, 30),
    )  # fmt: skip
    for n in range(1, items + 1):
        item = add_part(AgendaItem, by=staff, meeting=meeting, number=str(n), title_th=f"วาระ {n}", presented_by=agency)
        under = add_part(AgendaItem, by=staff, meeting=meeting, parent=item, number=f"{n}.1", title_th=f"วาระย่อย {n}.1")
        add_part(AgendaItem, by=staff, meeting=meeting, parent=under, number=f"{n}.1.1", title_th="ลึกอีกชั้น")
        resolution = add_part(
            Resolution,
            by=staff,
            meeting=meeting,
            item=item,
            number=f"{n}.9",
            text_th=f"มติ {n}",
            concerns=[other_agency],
        )
        add_part(
            Assignment, by=staff, meeting=meeting, resolution=resolution, agency=agency, partners=[other_agency],
            text_th=f"ให้ศึกษา {n}", due_on=dt.date(2021, 12, 31),
        )  # fmt: skip
    return publishing.publish(meeting, by=staff)


def test_the_agenda_is_a_tree_of_any_depth_with_resolutions_and_assignments(client, staff, agency, other_agency):
    make_committee(staff, agency, other_agency)
    page = client.get("/en/meetings/sub-3/")
    (root,) = page.context["agenda"].items
    numbers = [row.item.number for row in (root, *root.items, *root.items[0].items)]
    assert numbers == ["1", "1.1", "1.1.1"]
    (decided,) = root.decided
    assert (decided.resolution.number, [row.key for row in decided.concerns]) == ("1.9", [other_agency.key])
    (asked,) = decided.asked
    assert (asked.assignment.text_th, [row.key for row in asked.partners]) == ("ให้ศึกษา 1", [other_agency.key])
    assert [getattr(page.context["agenda"], name) for name in ("given", "closed", "late")] == [1, 0, 1]
    for text in ("Tuesday 23 November 2021", "09:30", "Assigned to กรมตัวอย่าง", "ลึกอีกชั้น"):
        assert text in page.text
    assert "วันอังคารที่ 23 พฤศจิกายน 2564" in client.get("/meetings/sub-3/").text


def test_what_the_meeting_asks_as_a_whole_stands_by_itself(client, staff, agency):
    meeting = factories.make_meeting(staff)
    asked = add_part(Assignment, by=staff, meeting=meeting, agency=agency, text_th="จัดสัมมนา")
    page = client.get(f"/en/meetings/{meeting.key}/")
    assert [row.assignment for row in page.context["agenda"].asked] == [asked]
    assert "Asked by the meeting as a whole" in page.text


def test_both_doors_read_the_agenda_in_the_order_of_its_numbers(client, sign_in, staff, agency, other_agency):
    meeting = make_committee(staff, agency, other_agency)
    item = meeting.agenda.get(number="1")
    for number in ("1.10", "1.2"):  # typed in after 1.9, and the later one first
        add_part(Resolution, by=staff, meeting=meeting, item=item, number=number, text_th=f"มติ {number}")
    for page in (client.get("/meetings/sub-3/"), sign_in(staff).get("/desk/meetings/sub-3/")):
        assert [row.resolution.number for row in page.context["agenda"].items[0].decided] == ["1.2", "1.9", "1.10"]
        assert page.text.index("มติ 1.2") < page.text.index("มติ 1.10")


@pytest.mark.parametrize("items", [1, 3])
def test_a_meeting_costs_six_queries_however_long_its_agenda(
    client, staff, agency, other_agency, items, django_assert_num_queries
):
    make_committee(staff, agency, other_agency, items)
    with django_assert_num_queries(6):
        client.get("/meetings/sub-3/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_three_queries(client, staff, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_meeting(staff)
    with django_assert_num_queries(3):
        page = client.get("/meetings/")
    assert page.context["count"] == rows


def test_meetings_stand_by_their_years_in_the_era_of_the_language(client, staff):
    for year in (2019, 2021, 2019):
        factories.make_meeting(staff, starts_on=dt.date(year, 1, 11))
    assert ["<h2>2564</h2>" in client.get("/meetings/").text, "<h2>2021</h2>" in client.get("/en/meetings/").text] == [
        True,
        True,
    ]
    assert client.get("/meetings/?year=2562").context["count"] == 2


def test_a_conference_shows_people_as_printed_sessions_and_points(client, staff, agency, project):
    meeting = factories.make_meeting(staff, theme_th="หัวข้อ", attendance_th="กว่า 150 คน", hosts=[agency])
    keep(meeting, "edit", by=staff, projects=[project])
    add_part(MeetingPerson, by=staff, meeting=meeting, name_th="นางอารีย์พันธ์", also_written="นางอารีพันธ์", agency=agency)
    add_part(MeetingPerson, by=staff, meeting=meeting, role_th="ผู้แทน")
    add_part(MeetingSession, by=staff, meeting=meeting, title_th="ปาฐกถา")
    add_part(MeetingPoint, by=staff, meeting=meeting, country="KR", text_th="จากล่างขึ้นบน")
    add_part(MeetingPoint, by=staff, meeting=meeting, country="XX", text_th="ประเทศที่ไม่รู้จัก")
    page = client.get(f"/en/meetings/{meeting.key}/")
    for text in ("also written นางอารีพันธ์", "The documents give no name.", "ปาฐกถา", "South Korea", "XX", "กว่า 150 คน"):
        assert text in page.text
    assert [row.key for row in page.context["beside"]["projects"]] == [project.code]


def test_a_hidden_project_is_not_named_by_the_meeting_at_which_it_was_presented(client, staff, project):
    meeting = factories.make_meeting(staff)
    keep(meeting, "edit", by=staff, projects=[project])
    publishing.hide(project, by=staff)
    page = client.get(f"/meetings/{meeting.key}/")
    assert page.context["beside"]["projects"] == []
    assert project.title_th not in page.text


def test_a_draft_and_a_hidden_meeting_are_not_found(client, staff):
    draft = factories.make_meeting(staff, published=False)
    hidden = publishing.hide(factories.make_meeting(staff), by=staff)
    assert [client.get(f"/meetings/{meeting.key}/").status_code for meeting in (draft, hidden)] == [404, 404]
    assert client.get("/meetings/").context["count"] == 0


def test_a_list_without_meetings_says_what_will_be_here(client):
    assert "No meeting yet" in client.get("/en/meetings/").text
    assert "No meeting fits" in client.get("/en/meetings/?kind=workshop").text
