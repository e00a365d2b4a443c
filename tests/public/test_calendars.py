"""Calendar files at their doors: a meeting, the public feed of a series, the private feed of its members."""

import datetime as dt

import icalendar
import pytest

from agencies.models import Source
from agencies.rules import records
from govlab.thai import BANGKOK
from projects.models import MeetingPerson, MeetingSeries, MeetingSession
from projects.rules import meetings, phases, publishing
from projects.rules import series as series_rules
from tests import factories

pytestmark = pytest.mark.django_db

BEFORE = dt.datetime(2021, 11, 1, 9, 0, tzinfo=BANGKOK)
"""The day on which the meetings of these tests are prepared."""
SECRET = "นกขมิ้นลับ"


@pytest.fixture
def series(staff):
    return series_rules.add(by=staff, key="sub", name_th="อ.ก.พ.ร.", name_en="Subcommittee")


@pytest.fixture
def prepare(staff, series):
    """`prepare(**answers)` gives a meeting of the series as far as `phase` says, and published if asked."""

    def do(phase="invited", published=False, **answers):
        values = {
            "kind": "committee",
            "starts_on": dt.date(2021, 11, 23),
            "starts_at": dt.time(9, 30),
            "place_th": "ห้อง 1",
            "place_en": "Room 1",
            **answers,
        }
        if published:  # a committee's page comes with its adopted minutes, or with the document that made it known
            values["sources"] = [records.add(Source, by=staff, key=f"s{Source.objects.count()}", title_th="ข่าว")]
        meeting = meetings.add(by=staff, now=BEFORE, prefill=True, series=series, **values)
        if phase == "invited":
            meeting = phases.invite(meeting, by=staff, now=BEFORE)
        return publishing.publish(meeting, by=staff) if published else meeting

    return do


def private(series, language=""):
    """The address of the private feed as it is now."""
    return f"{language}/calendars/{MeetingSeries.objects.get(pk=series.pk).feed_key}.ics"


def events(client, path):
    """The events of the file at this address."""
    page = client.get(path)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return icalendar.Calendar.from_ical(page.content).walk("VEVENT")


def titles(client, path):
    """What the events of the file are called."""
    return [str(event["summary"]) for event in events(client, path)]


def conference(staff, **answers):
    """A published conference of two days."""
    days = {"starts_on": dt.date(2019, 1, 11), "ends_on": dt.date(2019, 1, 12), "place_th": "โรงแรม"}
    return factories.make_meeting(staff, **{**days, **answers})


def add_session(staff, meeting, **answers):
    """A session of the conference, at nine on its first day."""
    values = {"title_th": "ปาฐกถา", "day": dt.date(2019, 1, 11), "starts_at": dt.time(9, 0), **answers}
    return meetings.add_part(MeetingSession, by=staff, meeting=meeting, **values)


# --- one meeting -----------------------------------------------------------------------------------------------------
def test_a_meeting_is_a_file_with_its_hours_its_place_and_its_page(client, prepare):
    meeting = prepare(published=True, ends_at=dt.time(12, 0))
    (event,) = events(client, f"/meetings/{meeting.key}/calendar.ics")
    assert {name: str(event[name]) for name in ("uid", "summary", "location", "url", "sequence")} == {
        "uid": f"{meeting.key}@127.0.0.1",
        "summary": "อ.ก.พ.ร. ครั้งที่ 1/2564",
        "location": "ห้อง 1",
        "url": f"http://testserver/meetings/{meeting.key}/",
        "sequence": str(meeting.version),
    }
    assert [event.decoded(name) for name in ("dtstart", "dtend")] == [
        dt.datetime(2021, 11, 23, 9, 30, tzinfo=BANGKOK),
        dt.datetime(2021, 11, 23, 12, 0, tzinfo=BANGKOK),
    ]
    assert event.decoded("last-modified") == meeting.updated_at.replace(microsecond=0)
    page = client.get(f"/meetings/{meeting.key}/calendar.ics")
    assert page.headers["Content-Disposition"] == f'attachment; filename="{meeting.key}.ics"'
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_under_en_it_speaks_english_and_has_the_same_name_for_the_meeting(client, prepare):
    meeting = prepare(published=True)
    (thai,) = events(client, f"/meetings/{meeting.key}/calendar.ics")
    (event,) = events(client, f"/en/meetings/{meeting.key}/calendar.ics")
    assert [str(event[name]) for name in ("uid", "summary", "location", "url")] == [
        str(thai["uid"]), "Subcommittee Meeting 1/2564", "Room 1", f"http://testserver/en/meetings/{meeting.key}/",
    ]  # fmt: skip


def test_a_meeting_without_an_hour_takes_its_whole_day(client, staff):
    meeting = factories.make_meeting(staff, starts_on=dt.date(2019, 1, 11))
    (event,) = events(client, f"/meetings/{meeting.key}/calendar.ics")
    assert [event.decoded(name) for name in ("dtstart", "dtend")] == [dt.date(2019, 1, 11), dt.date(2019, 1, 12)]


def test_a_conference_of_two_days_has_itself_and_each_session_whose_hour_is_known(client, staff):
    meeting = conference(staff, starts_at=dt.time(8, 30))
    second = add_session(
        staff, meeting, title_th="เสวนา", day=dt.date(2019, 1, 12), ends_at=dt.time(10, 30), place_th="ห้อง ก"
    )
    first = add_session(staff, meeting, starts_at=dt.time(13, 0))
    add_session(staff, meeting, title_th="ยังไม่มีวัน", day=None)
    add_session(staff, meeting, title_th="ยังไม่มีเวลา", starts_at=None)
    rows = events(client, f"/meetings/{meeting.key}/calendar.ics")
    assert [(str(row["uid"]), str(row["summary"]), str(row["location"])) for row in rows] == [
        (f"{meeting.key}@127.0.0.1", meeting.title_th, "โรงแรม"),
        (f"session-{first.pk}@127.0.0.1", f"ปาฐกถา ({meeting.title_th})", "โรงแรม"),
        (f"session-{second.pk}@127.0.0.1", f"เสวนา ({meeting.title_th})", "ห้อง ก, โรงแรม"),
    ]
    assert [(row.decoded("dtstart"), row.decoded("dtend", None)) for row in rows] == [
        (dt.date(2019, 1, 11), dt.date(2019, 1, 13)),
        (dt.datetime(2019, 1, 11, 13, 0, tzinfo=BANGKOK), None),
        (dt.datetime(2019, 1, 12, 9, 0, tzinfo=BANGKOK), dt.datetime(2019, 1, 12, 10, 30, tzinfo=BANGKOK)),
    ]


def test_a_draft_and_a_hidden_meeting_have_no_file_whoever_asks(client, staff, sign_in):
    draft = factories.make_meeting(staff, published=False)
    hidden = publishing.hide(factories.make_meeting(staff), by=staff)
    sign_in(staff)
    paths = [f"/meetings/{key}/calendar.ics" for key in (draft.key, hidden.key, "no-such")]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_demonstration_data_says_so(client, staff):
    staff.demo = True
    meeting = factories.make_meeting(staff)
    (event,) = events(client, f"/meetings/{meeting.key}/calendar.ics")
    assert (meeting.demo, str(event["description"])) == (True, "ข้อมูลสาธิต")


# --- the feed of a series --------------------------------------------------------------------------------------------
def test_the_feed_of_a_series_holds_what_is_published_of_it_the_latest_first(client, staff, prepare, series):
    prepare(published=True)
    prepare(published=True, starts_on=dt.date(2021, 12, 1))
    prepare()
    prepare(phase="planned")
    prepare(phase="planned", published=True)
    publishing.hide(prepare(published=True), by=staff)
    factories.make_meeting(staff)
    assert titles(client, "/meetings/series/sub.ics") == ["อ.ก.พ.ร. ครั้งที่ 2/2564", "อ.ก.พ.ร. ครั้งที่ 1/2564"]
    page = client.get("/en/meetings/series/sub.ics")
    assert page.headers["Content-Disposition"] == 'attachment; filename="sub.ics"'
    assert "\r\nX-WR-CALNAME:Subcommittee\r\n" in page.content.decode()


def test_a_series_with_nothing_public_has_an_empty_feed_and_no_series_none(client, prepare, series):
    prepare()
    assert titles(client, "/meetings/series/sub.ics") == []
    assert client.get("/meetings/series/no-such.ics").status_code == 404


def test_a_program_that_has_the_feed_is_told_when_nothing_changed_and_when_something_is_gone(
    client, staff, prepare, series
):
    meeting = prepare(published=True)
    first = client.get("/meetings/series/sub.ics")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/meetings/series/sub.ics", headers=known).status_code == 304
    publishing.hide(meeting, by=staff)
    assert client.get("/meetings/series/sub.ics", headers=known).status_code == 200
    assert "Last-Modified" not in first.headers


# --- the private feed ------------------------------------------------------------------------------------------------
def test_members_see_what_they_are_invited_to_published_or_not(client, staff, prepare, series):
    prepare(published=True)
    prepare(starts_on=dt.date(2021, 12, 1))
    prepare(phase="planned")
    publishing.hide(prepare(published=True), by=staff)
    factories.make_meeting(staff)
    assert titles(client, private(series)) == ["อ.ก.พ.ร. ครั้งที่ 2/2564", "อ.ก.พ.ร. ครั้งที่ 1/2564"]
    assert titles(client, private(series, "/en")) == ["Subcommittee Meeting 2/2564", "Subcommittee Meeting 1/2564"]


def test_a_meeting_that_is_called_off_leaves_the_private_feed(client, staff, prepare, series):
    meeting = prepare()
    assert len(events(client, private(series))) == 1
    phases.call_off(meeting, by=staff, now=BEFORE)
    assert events(client, private(series)) == []


def test_the_private_feed_says_what_when_and_where_and_nothing_else(client, prepare, series):
    prepare(theme_th="หัวข้อ")
    (event,) = events(client, private(series))
    assert {*event} == {*("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "STATUS", "SUMMARY", "LOCATION")}


def test_the_private_feed_is_kept_by_nobody_on_the_way_and_asks_for_no_cookie(client, series):
    page = client.get(private(series))
    assert [page.headers.get(name) for name in ("Cache-Control", "X-Robots-Tag", "ETag", "Vary")] == [
        "private, no-store", "noindex, nofollow", None, page.headers.get("Vary"),
    ]  # fmt: skip
    assert "Cookie" not in page.headers.get("Vary", "") and not page.cookies


def test_a_renewed_address_opens_the_feed_and_the_old_one_nothing(client, staff, prepare, series):
    prepare()
    old = private(series)
    series_rules.renew_feed(series, by=staff)
    assert (client.get(old).status_code, titles(client, private(series))) == (404, ["อ.ก.พ.ร. ครั้งที่ 1/2564"])


@pytest.mark.parametrize("name", ["sub", "x" * 32, "%00", "ก", ".", "a%2Fb", "A" * 5000])
def test_no_other_address_opens_a_feed(client, series, name):
    page = client.get(f"/calendars/{name}.ics")
    assert (page.status_code, page.headers["Cache-Control"]) == (404, "private, no-store")


# --- what holds for all ----------------------------------------------------------------------------------------------
def test_no_calendar_tells_who_comes_what_is_said_and_what_is_being_prepared(client, staff, prepare, series):
    shown = prepare(published=True)
    person = {"name_th": f"นาย{SECRET}", "role_th": SECRET, "email": "secret-person@govlab.test"}
    meetings.add_part(MeetingPerson, by=staff, meeting=shown, **person)
    series_rules.add_part(series_rules.StandingItem, by=staff, series=series, title_th=SECRET)
    item = shown.agenda.first()
    item.title_th = item.discussion = item.presenter = SECRET
    item.save()
    for answers in ({"phase": "planned"}, {"published": True}):
        meeting = prepare(title_th=SECRET, place_th=SECRET, starts_on=dt.date(2021, 12, 1), **answers)
        if answers.get("published"):
            publishing.hide(meeting, by=staff)
    whole = conference(staff)
    speaker = meetings.add_part(MeetingPerson, by=staff, meeting=whole, **person)
    add_session(staff, whole, speakers=[speaker])
    for path in (
        f"/meetings/{shown.key}/calendar.ics",
        f"/meetings/{whole.key}/calendar.ics",
        "/meetings/series/sub.ics",
        private(series),
    ):
        text = client.get(path).content.decode().replace("\r\n ", "")
        assert "BEGIN:VEVENT" in text and series.feed_key not in text
        assert [word for word in (SECRET, "secret-person", "ATTENDEE", "ORGANIZER", "mailto") if word in text] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_every_calendar_costs_two_queries(client, staff, prepare, series, rows, django_assert_num_queries):
    for _n in range(rows):
        prepare(published=True)
    whole = conference(staff)
    for _n in range(rows):
        add_session(staff, whole)
    for path, count in (
        ("/meetings/series/sub.ics", rows),
        (private(series), rows),
        (f"/meetings/{whole.key}/calendar.ics", rows + 1),
    ):
        with django_assert_num_queries(2):
            page = client.get(path)
        assert page.content.count(b"BEGIN:VEVENT\r\n") == count


def test_a_feed_ends_with_the_latest_meetings_of_a_long_series(client, prepare, series, monkeypatch):
    monkeypatch.setattr("projects.public.calendars.MOST", 2)
    for day in (20, 21, 22):
        prepare(published=True, starts_on=dt.date(2021, 12, day))
    for path in ("/meetings/series/sub.ics", private(series)):
        assert titles(client, path) == ["อ.ก.พ.ร. ครั้งที่ 3/2564", "อ.ก.พ.ร. ครั้งที่ 2/2564"]
