"""The public meeting list, a committee's agenda and a conference's page."""

import datetime as dt

import pytest
from django.utils import timezone

from agencies.models import Source
from agencies.rules import records
from govlab.files import Attached
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
    Shown,
)
from projects.models.agenda import agenda_tree, walk
from projects.rules import attendance, decisions, followups, meetings, papers, phases, publishing
from projects.rules.meetings import add_part
from tests import factories

pytestmark = pytest.mark.django_db


def make_committee(staff, agency, other_agency, items=1, publish=True, **answers):
    """A committee meeting: items with an item under each, and so on, a resolution and an assignment each."""
    series = MeetingSeries.objects.filter(key="sub").first() or records.add(
        MeetingSeries, by=staff, key="sub", name_th="อ.ก.พ.ร."
    )
    source = records.add(Source, by=staff, key=f"report-{Source.objects.count()}", title_th="รายงาน")
    values = {"key": "sub-3", "number": 3, "starts_on": dt.date(2021, 11, 23), "starts_at": dt.time(9, 30), **answers}
    meeting = meetings.add(by=staff, kind="committee", series=series, year=2564, sources=[source], **values)
    for n in range(1, items + 1):
        item = add_part(AgendaItem, by=staff, meeting=meeting, title_th=f"วาระ {n}", presented_by=agency)
        under = add_part(AgendaItem, by=staff, meeting=meeting, parent=item, title_th=f"วาระย่อย {n}.1")
        add_part(AgendaItem, by=staff, meeting=meeting, parent=under, title_th="ลึกอีกชั้น")
        resolution = add_part(
            Resolution, by=staff, meeting=meeting, item=item, text_th=f"มติ {n}", concerns=[other_agency]
        )
        add_part(
            Assignment, by=staff, meeting=meeting, resolution=resolution, agency=agency, partners=[other_agency],
            text_th=f"ให้ศึกษา {n}", due_on=dt.date(2021, 12, 31),
        )  # fmt: skip
    return publishing.publish(meeting, by=staff) if publish else meeting


LATER = {
    "key": "sub-4",
    "number": 2,
    "starts_on": dt.date(2021, 12, 23),
    "now": dt.datetime(2021, 12, 1, tzinfo=dt.UTC),
}
"""A meeting that was still to come when it was made; what is open comes back to it."""


def test_the_agenda_is_a_tree_of_any_depth_with_resolutions_and_assignments(client, staff, agency, other_agency):
    make_committee(staff, agency, other_agency)
    page = client.get("/en/meetings/sub-3/")
    (root,) = page.context["agenda"].items
    assert [row.item.number for row in walk([root])] == ["1", "1.1", "1.1.1"]
    (decided,) = root.decided
    assert (decided.resolution.number, [row.key for row in decided.concerns]) == ("1.2", [other_agency.key])
    (asked,) = decided.asked
    assert (asked.assignment.text_th, [row.key for row in asked.partners]) == ("ให้ศึกษา 1", [other_agency.key])
    assert [getattr(page.context["agenda"], name) for name in ("given", "closed", "late")] == [1, 0, 1]
    for text in ("Tuesday 23 November 2021", "09:30", 'Assigned to <span lang="th">กรมตัวอย่าง</span>', "ลึกอีกชั้น"):
        assert text in page.text
    assert f'href="/en/resolutions/{decided.resolution.pk}/"' in page.text
    assert "วันอังคารที่ 23 พฤศจิกายน 2564" in client.get("/meetings/sub-3/").text


def test_what_the_meeting_asks_as_a_whole_stands_by_itself(client, staff, agency):
    meeting = factories.make_meeting(staff)
    asked = add_part(Assignment, by=staff, meeting=meeting, agency=agency, text_th="จัดสัมมนา")
    page = client.get(f"/en/meetings/{meeting.key}/")
    assert [row.assignment for row in page.context["agenda"].asked] == [asked]
    assert "Asked by the meeting as a whole" in page.text


def with_everything(staff, agency, other_agency, project, n):
    """A meeting after that one, with so many of everything that a meeting's page can hold."""
    make_committee(staff, agency, other_agency, n, number=1)
    later = make_committee(staff, agency, other_agency, n, publish=False, **LATER)
    phases.hold(later, by=staff, now=dt.datetime(2021, 12, 24, tzinfo=dt.UTC))
    publishing.publish(later, by=staff)
    for item in later.agenda.order_by("number"):
        shown = Shown.EVERYTHING
        meetings.edit_part(item, by=staff, version=item.version, shown=shown, projects=[project], discussion="ได้หารือ")
        papers.attach(item, by=staff, files=[Attached(f"เอกสาร {item.number}.pdf", "pdf", 9, "a" * 64)])
    for _n in range(n):
        who = {"name_th": "นายหนึ่ง", "agency": agency}
        member = add_part(MeetingPerson, by=staff, meeting=later, part="member", presence="excused", **who)
        speaker = add_part(
            MeetingPerson, by=staff, meeting=later, part="speaker", presence="present", stands_for=member, **who
        )
        session = add_part(
            MeetingSession, by=staff, meeting=later, title_th="ช่วง", day=later.starts_on, starts_at=dt.time(9),
            ends_at=dt.time(10), place_th="ห้องแดง", speakers=[speaker],
        )  # fmt: skip
        add_part(MeetingPoint, by=staff, meeting=later, session=session, text_th="ประเด็น", country="KR")
    return later


@pytest.mark.parametrize("n", [1, 3])
def test_a_meeting_costs_six_queries_whatever_it_holds(
    client, staff, agency, other_agency, project, n, django_assert_num_queries
):
    later = with_everything(staff, agency, other_agency, project, n)
    with django_assert_num_queries(6):
        page = client.get("/meetings/sub-4/")
    rows = list(walk(page.context["agenda"].items))
    assert len(rows) == later.agenda.count()
    assert [len(row.papers) for row in rows] == [1] * len(rows)
    assert [[line.key for line in row.projects] for row in rows] == [[project.code]] * len(rows)
    assert sum(len(row.follow_ups) for row in rows) == n
    ((day, sessions),) = page.context["days"]
    assert (day, [(row.hours, len(row.speakers), len(row.points)) for row in sessions]) == (
        later.starts_on,
        [("9.00–10.00 น.", 1, 1)] * n,
    )


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


def test_the_programme_stands_by_days_and_hours_with_rooms_speakers_and_points(client, staff, agency):
    meeting = factories.make_meeting(staff, starts_on=dt.date(2019, 3, 13), ends_on=dt.date(2019, 3, 14))
    speaker = add_part(MeetingPerson, by=staff, meeting=meeting, name_th="นายวิทยากร", part="speaker", agency=agency)
    for day, hour, title in (
        (14, 9, "วันที่สอง"),
        (13, 13, "บ่าย"),
        (13, None, "ไม่รู้เวลา"),
        (13, 9, "เช้า"),
        (None, None, "ลอย"),
    ):
        session = add_part(
            MeetingSession, by=staff, meeting=meeting, title_th=title, place_th="ห้องแดง", speakers=[speaker],
            day=day and dt.date(2019, 3, day), starts_at=hour and dt.time(hour),
        )  # fmt: skip
    add_part(MeetingPoint, by=staff, meeting=meeting, session=session, country="KR", text_th="จากล่างขึ้นบน")
    page = client.get(f"/meetings/{meeting.key}/")
    days = [(day and day.day, [row.line.name_th for row in rows]) for day, rows in page.context["days"]]
    assert days == [(13, ["เช้า", "บ่าย", "ไม่รู้เวลา"]), (14, ["วันที่สอง"]), (None, ["ลอย"])]
    assert [point.line.name_th for point in page.context["days"][-1][1][0].points] == ["จากล่างขึ้นบน"]
    assert page.context["points"] == []
    assert (page.text.count("นายวิทยากร"), page.text.count("ห้องแดง")) == (6, 5)
    assert f'href="/meetings/{meeting.key}/programme.pdf"' in page.text


def people_of(page):
    return [[row.line.name_th for row in rows] for _part, rows in page.context["came"]]


def test_the_public_reads_who_came_and_never_who_did_not_nor_an_address(client, staff):
    meeting = factories.make_meeting(staff)
    for name, part in (("สมาชิก", "member"), ("ผู้ลา", "member"), ("ผู้ขาด", "member"), ("แขก", "observer")):
        add_part(MeetingPerson, by=staff, meeting=meeting, name_th=name, part=part, email="someone@example.org")
    path = f"/en/meetings/{meeting.key}/"
    # Nobody's attendance was noted: the documents name who took part.
    assert people_of(client.get(path)) == [["สมาชิก", "ผู้ลา", "ผู้ขาด"], ["แขก"]]
    said = dict(zip(meeting.people.order_by("position"), ("present", "excused", "absent", ""), strict=True))
    attendance.mark(meeting, by=staff, presences={row.pk: presence for row, presence in said.items() if presence})
    deputy = {"stands_for": meeting.people.get(name_th="ผู้ขาด"), "presence": "present", "part": "observer"}
    add_part(MeetingPerson, by=staff, meeting=meeting, name_th="ผู้แทน", **deputy)
    page = client.get(path)
    assert people_of(page) == [["สมาชิก"], ["ผู้แทน"]]
    assert (page.text.count("ผู้ลา"), "someone@example.org" in page.text) == (0, False)


def test_a_committees_page_lists_people_under_the_headings_of_its_minutes(client, staff, agency, other_agency):
    meeting = make_committee(staff, agency, other_agency)
    for name, part in (("ก", "member"), ("ข", "member"), ("ค", "member"), ("แขก", "observer"), ("วิทยากร", "speaker")):
        add_part(MeetingPerson, by=staff, meeting=meeting, name_th=name, part=part)
    said = dict(
        zip(meeting.people.order_by("position"), ("excused", "present", "absent", "present", "present"), strict=True)
    )
    attendance.mark(meeting, by=staff, presences={row.pk: presence for row, presence in said.items()})
    deputy = {"stands_for": meeting.people.get(name_th="ก"), "presence": "present", "part": "observer"}
    add_part(MeetingPerson, by=staff, meeting=Meeting.objects.get(pk=meeting.pk), name_th="แทน ก", **deputy)
    page = client.get("/meetings/sub-3/")
    came = [(title, [row.line.name_th for row in rows]) for title, rows in page.context["came"]]
    assert came == [("ผู้มาประชุม", ["แทน ก", "ข"]), ("ผู้เข้าร่วมประชุม", ["แขก", "วิทยากร"])]
    assert "4 คน" in page.text
    assert ("<h2>ผู้มาประชุม</h2>" in page.text, "<h2>ผู้เข้าร่วมประชุม</h2>" in page.text) == (True, True)


def test_a_conference_offers_no_minutes_and_says_when_nothing_is_known_of_it(client, staff):
    meeting = factories.make_meeting(staff)
    text = client.get(f"/en/meetings/{meeting.key}/").text
    assert ("minutes.pdf" in text, "will stand here once it is known" in text) == (False, True)
    add_part(MeetingSession, by=staff, meeting=meeting, title_th="เปิดงาน")
    assert "will stand here once it is known" not in client.get(f"/en/meetings/{meeting.key}/").text


@pytest.mark.parametrize("state", ["more_time", "contested"])
def test_that_an_agency_objects_is_between_it_and_staff(client, staff, agency, state):
    """Outsiders cannot tell it from what is open: not by the words, not by the colour, not at a later meeting."""
    meeting = factories.make_meeting(staff)
    item = add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ")
    said = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติ")
    work = add_part(Assignment, by=staff, meeting=meeting, resolution=said, agency=agency, text_th="งาน")
    paths = (f"/meetings/{meeting.key}/", "/resolutions/", f"/resolutions/{said.pk}/", f"/agencies/{agency.key}/")
    before = [client.get(path).text for path in paths]
    Assignment.objects.filter(pk=work.pk).update(state=state)
    assert [client.get(path).text for path in paths] == before
    assert ["อยู่ระหว่างดำเนินการ" in text for text in before] == [True] * 4


TO_COME = timezone.localdate() + dt.timedelta(days=30)


def test_a_meeting_to_come_says_so_and_resolves_nothing_yet(client, staff, agency):
    meeting = factories.make_meeting(staff, starts_on=TO_COME)
    item = add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องที่จะคุย")
    said = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="ร่างมติ")
    add_part(Assignment, by=staff, meeting=meeting, resolution=said, agency=agency, text_th="ร่างงาน")
    add_part(MeetingPerson, by=staff, meeting=meeting, name_th="ผู้ได้รับเชิญ")
    add_part(MeetingPerson, by=staff, meeting=meeting, name_th="วิทยากร", part="speaker")
    page = client.get(f"/en/meetings/{meeting.key}/")
    assert ("This meeting is still to come." in page.text, "เรื่องที่จะคุย" in page.text) == (True, True)
    assert [word in page.text for word in ("ร่างมติ", "ร่างงาน", "ผู้ได้รับเชิญ")] == [False, False, False]
    assert people_of(page) == [["วิทยากร"]]
    links = {name: f"/en/meetings/{meeting.key}/{name}" in page.text for name in ("minutes.pdf", "calendar.ics")}
    assert links == {"minutes.pdf": False, "calendar.ics": True}
    assert "To come" in client.get("/en/meetings/").text


def test_a_meeting_that_was_held_offers_its_minutes_and_says_where_they_were_adopted(
    client, staff, agency, other_agency
):
    first = make_committee(staff, agency, other_agency, publish=False, number=1)
    later = make_committee(staff, agency, other_agency, key="sub-4", number=2, starts_on=dt.date(2021, 12, 23))
    phases.adopt(phases.finish(first, by=staff), by=staff, adopted_in=later)
    publishing.publish(Meeting.objects.get(pk=first.pk), by=staff)
    text = client.get("/en/meetings/sub-3/").text
    for ending in ("docx", "pdf"):
        assert f'href="/en/meetings/sub-3/minutes.{ending}"' in text
    assert ("Adopted on" in text, 'href="/en/meetings/sub-4/"' in text) == (True, True)
    publishing.hide(later, by=staff)
    text = client.get("/en/meetings/sub-3/").text
    assert ("Adopted on" in text, "sub-4" in text) == (True, False)


@pytest.mark.parametrize(
    ("shown", "seen"),
    [
        (Shown.NOTHING, []),
        (Shown.TITLE, ["หัวเรื่อง"]),
        (Shown.RESOLUTIONS, ["หัวเรื่อง", "ข้อมติ", "งานที่ขอ"]),
        (Shown.EVERYTHING, ["หัวเรื่อง", "ข้อมติ", "งานที่ขอ", "คำอภิปราย", "เอกสารแนบ", "หัวข้อย่อย"]),
    ],
)
def test_an_item_shows_what_was_chosen_and_counts_nothing_else(client, staff, agency, shown, seen):
    meeting = factories.make_meeting(staff)
    item = add_part(
        AgendaItem, by=staff, meeting=meeting, title_th="หัวเรื่อง", shown=Shown.EVERYTHING, discussion="คำอภิปราย"
    )
    add_part(AgendaItem, by=staff, meeting=meeting, parent=item, title_th="หัวข้อย่อย", shown=Shown.TITLE)
    said = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="ข้อมติ")
    add_part(Assignment, by=staff, meeting=meeting, resolution=said, agency=agency, text_th="งานที่ขอ")
    papers.attach(item, by=staff, files=[Attached("เอกสารแนบ.pdf", "pdf", 9, "a" * 64)])
    if shown != Shown.EVERYTHING:
        item.refresh_from_db()
        below = "หัวข้อย่อย"
        meetings.edit_part(item, by=staff, version=item.version, shown=shown)
        seen = [*seen, below] if shown >= Shown.TITLE else seen
    page = client.get(f"/meetings/{meeting.key}/")
    words = ("หัวเรื่อง", "ข้อมติ", "งานที่ขอ", "คำอภิปราย", "เอกสารแนบ", "หัวข้อย่อย")
    assert [word for word in words if word in page.text] == seen
    assert page.context["agenda"].given == (1 if shown >= Shown.RESOLUTIONS else 0)


def test_what_stands_under_an_unseen_row_is_left_out_and_not_counted(staff, agency):
    """Even where a row below would be visible by itself."""
    meeting = factories.make_meeting(staff)
    item = add_part(AgendaItem, by=staff, meeting=meeting, title_th="บน")
    under = add_part(AgendaItem, by=staff, meeting=meeting, parent=item, title_th="ล่าง")
    said = add_part(Resolution, by=staff, meeting=meeting, item=under, text_th="มติ")
    asked = add_part(Assignment, by=staff, meeting=meeting, resolution=said, agency=agency, text_th="งาน")
    day = dt.date(2019, 6, 1)
    tree = agenda_tree([under], [said], [asked], on=day, concerns={}, partners={})
    assert (tree.items, tree.asked, tree.given) == ([], [], 0)
    tree = agenda_tree([item, under], [said], [asked], on=day, concerns={}, partners={})
    assert ([row.item for row in walk(tree.items)], tree.given) == ([item, under], 1)


def test_what_came_back_leads_to_where_it_comes_from_and_to_what_became_of_it(client, staff, agency, other_agency):
    first = make_committee(staff, agency, other_agency, number=1)
    later = make_committee(staff, agency, other_agency, publish=False, **LATER)
    phases.hold(later, by=staff, now=dt.datetime(2021, 12, 24, tzinfo=dt.UTC))
    asked = first.assignments.get()
    back = later.follow_ups.get()
    followups.note(back, by=staff, version=back.version, note="ให้เร่งรัด")
    path = publishing.publish(later, by=staff) and "/en/meetings/sub-4/"
    page = client.get(path)
    (carried,) = [row for item in walk(page.context["agenda"].items) for row in item.follow_ups]
    assert (carried.assignment, carried.origin, carried.closed_here) == (asked, first, False)
    for text in (
        f'href="/en/meetings/sub-3/#resolution-{asked.resolution_id}"',
        f'href="/en/resolutions/{asked.resolution_id}/"',
        "ให้เร่งรัด",
    ):
        assert text in page.text
    later.refresh_from_db()
    decisions.close(asked, by=staff, note="เรียบร้อย", meeting=later)
    page = client.get(path)
    assert ("Closed at this meeting" in page.text, "เรียบร้อย" in page.text) == (True, False)
    assert 'href="/en/meetings/sub-4/"' in client.get("/en/meetings/sub-3/").text


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
