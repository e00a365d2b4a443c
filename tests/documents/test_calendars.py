"""Calendar files as the standard asks for them, read back by the library and line by line."""

import dataclasses
import datetime as dt
import re
import time

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.thai import BANGKOK
from projects.documents.calendars import Event, calendar

NOW = dt.datetime(2026, 11, 21, 16, 30, tzinfo=dt.UTC)
EVENT = Event(
    uid="meeting-7@govlab.test",
    title="การประชุมครั้งที่ 3/2564",
    starts=dt.datetime(2021, 11, 23, 9, 30, tzinfo=BANGKOK),
    ends=dt.datetime(2021, 11, 23, 12, 0, tzinfo=BANGKOK),
    place="ห้องประชุม 1",
    url="https://govlab.test/meetings/sub-3/",
    changed_at=dt.datetime(2021, 11, 1, 8, 0, 0, 900, tzinfo=BANGKOK),
    version=4,
)

ALONE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//OPDC//GovLab//TH
CALSCALE:GREGORIAN
NAME:อ.ก.พ.ร.
X-WR-CALNAME:อ.ก.พ.ร.
REFRESH-INTERVAL;VALUE=DURATION:PT6H
X-PUBLISHED-TTL:PT6H
X-WR-TIMEZONE:Asia/Bangkok
BEGIN:VEVENT
SUMMARY:การประชุมครั้งที่ 3/2564
DTSTART:20211123T023000Z
DTEND:20211123T050000Z
DTSTAMP:20211101T010000Z
UID:meeting-7@govlab.test
SEQUENCE:4
LAST-MODIFIED:20211101T010000Z
LOCATION:ห้องประชุม 1
STATUS:CONFIRMED
URL:https://govlab.test/meetings/sub-3/
END:VEVENT
END:VCALENDAR
"""


def made(**changes):
    """The file of one event that differs from EVENT in this."""
    return calendar("ปฏิทิน", [dataclasses.replace(EVENT, **changes)], now=NOW)


def read(file):
    """The only event of a file, as the library reads it."""
    (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return event


def lines(file):
    """The file's lines as they were before they were folded: property and raw value."""
    return dict(line.split(":", 1) for line in file.decode().replace("\r\n ", "").split("\r\n") if line)


def unescaped(raw):
    """A TEXT value as RFC 5545 reads it, one escape after the other from the left."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], raw)


def test_a_meeting_is_written_as_the_standard_says():
    assert calendar("อ.ก.พ.ร.", [EVENT], now=NOW) == ALONE.replace("\n", "\r\n").encode()


def test_the_same_events_give_the_same_bytes_at_any_time():
    later = NOW + dt.timedelta(days=1)
    assert calendar("ก", [EVENT], now=NOW) == calendar("ก", [EVENT], now=later)
    undated = dataclasses.replace(EVENT, changed_at=None)
    assert read(calendar("ก", [undated], now=later)).decoded("dtstamp") == later


@pytest.mark.parametrize(
    ("starts", "ends", "written"),
    [
        (dt.datetime(2021, 11, 23, 9, 30, tzinfo=BANGKOK), None, "20211123T023000Z no end"),
        (dt.datetime(2021, 11, 23, 2, 30, tzinfo=dt.UTC), None, "20211123T023000Z no end"),
        (dt.datetime(2021, 1, 1, 6, 0, tzinfo=BANGKOK), None, "20201231T230000Z no end"),
        # an end before the beginning is none
        *[
            (dt.datetime(2021, 1, 1, 9, 0, tzinfo=BANGKOK), end, "20210101T020000Z no end")
            for end in (dt.datetime(2021, 1, 1, 9, 0, tzinfo=BANGKOK), dt.datetime(2021, 1, 1, 1, 0, tzinfo=BANGKOK))
        ],
        (dt.date(2019, 1, 11), None, "20190111 20190112"),
        (dt.date(2019, 1, 11), dt.date(2019, 1, 11), "20190111 20190112"),
        (dt.date(2019, 1, 30), dt.date(2019, 1, 31), "20190130 20190201"),
        (dt.date(2019, 1, 11), dt.date(2019, 1, 10), "20190111 20190112"),
    ],
)
def test_when_it_begins_and_is_over(starts, ends, written):
    raw = lines(made(starts=starts, ends=ends))
    kind = "" if isinstance(starts, dt.datetime) else ";VALUE=DATE"
    assert f"{raw[f'DTSTART{kind}']} {raw.get(f'DTEND{kind}', 'no end')}" == written


def test_a_moment_without_a_zone_and_half_a_day_are_refused():
    naive = dt.datetime(2021, 11, 23, 9, 30)
    for starts, ends in ((naive, None), (EVENT.starts, dt.date(2021, 11, 23)), (dt.date(2021, 11, 23), EVENT.ends)):
        with pytest.raises(ValueError, match="moment"):
            made(starts=starts, ends=ends)
    with pytest.raises(ValueError, match="time zone"):
        made(changed_at=naive)


def test_a_cancelled_meeting_says_so_and_no_file_asks_for_an_answer():
    file = made(cancelled=True)
    assert lines(file)["STATUS"] == "CANCELLED"
    assert b"METHOD" not in file and b"ATTENDEE" not in file and b"ORGANIZER" not in file


TYPED = (
    "a,b;c\\d\\n\\Ne\nEND:VEVENT\r\nBEGIN:VEVENT\rX-A:1\x00\x07\x1b\x7f\x85ก\u2028ข\u2029ค\x0bง\x0cจ\x1cฉ\u202eช\ud800"
)


def test_what_people_type_is_text_and_nothing_else():
    file = made(title=TYPED, place=TYPED, description=TYPED, uid=TYPED)
    on_lines = "a,b;c\\d\\n\\Ne\nEND:VEVENT\nBEGIN:VEVENT\nX-A:1\nก\nข\nค\nง\nจ\nฉช"
    raw = lines(file)
    assert unescaped(raw["DESCRIPTION"]) == on_lines
    for name in ("SUMMARY", "LOCATION", "UID"):
        assert unescaped(raw[name]) == on_lines.replace("\n", " ")
    assert (file.count(b"\r\nBEGIN:VEVENT"), file.count(b"\r\nEND:VEVENT"), file.count(b"\r\nX-A")) == (1, 1, 0)
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", file)
    assert len(file.decode().splitlines()) == file.count(b"\r\n") == file.count(b"\r") == file.count(b"\n")
    name = lines(calendar(TYPED, [], now=NOW))["X-WR-CALNAME"]
    assert unescaped(name) == on_lines.replace("\n", " ")


def test_an_address_stays_on_its_line():
    assert lines(made(url="https://govlab.test/ก/?a=1\r\nX-A:1 b"))["URL"] == (
        "https://govlab.test/%E0%B8%81/?a=1%0D%0AX-A:1%20b"
    )


def test_what_is_not_known_is_left_out():
    file = made(place=" \n", url="", description="\x00")
    assert not {"LOCATION", "URL", "DESCRIPTION"} & {*lines(file)}


@pytest.mark.parametrize("letter", ["a", "ก", "ก่", "😀", "เพื่อน", ","])
def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut(letter):
    for length in (1, 20, 21, 22, 23, 24, 25, 26, 60, 70, 300):
        text = letter * length
        file = made(title=text, description=text, place=text)
        raw = file.split(b"\r\n")
        assert max(map(len, raw)) <= 75
        assert [line.decode() for line in raw]  # each is UTF-8 by itself
        assert str(read(file)["summary"]) == text


@given(
    typed=st.text(max_size=200),
    name=st.text(max_size=80),
    starts=st.datetimes(dt.datetime(1900, 1, 2), dt.datetime(2100, 1, 1), timezones=st.just(BANGKOK)),
    version=st.integers(0, 2**31 - 1),
)
def test_any_text_is_read_back(typed, name, starts, version):
    event = dataclasses.replace(EVENT, title=typed, description=typed, starts=starts, ends=None, version=version)
    file = calendar(name, [event, EVENT], now=NOW)
    first, second = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert (first.decoded("dtstart"), first["sequence"]) == (starts.replace(microsecond=0), version)
    assert (str(second["summary"]), second.decoded("dtend")) == (EVENT.title, EVENT.ends)
    assert max(map(len, file.split(b"\r\n"))) <= 75
    assert file.count(b"BEGIN:VEVENT\r\n") == len(re.findall(rb"(?m)^BEGIN:VEVENT\r$", file)) == 2


def test_a_file_without_events_still_holds_what_the_standard_asks_for():
    whole = icalendar.Calendar.from_ical(calendar("ว่าง", [], now=NOW))
    assert [part.name for part in whole.subcomponents] == ["VTIMEZONE"]
    (standard,) = whole.walk("STANDARD")
    assert standard.decoded("tzoffsetto") == dt.timedelta(hours=7)
    assert [part.name for part in icalendar.Calendar.from_ical(made()).subcomponents] == ["VEVENT"]


def test_five_hundred_meetings_take_less_than_a_second():
    events = [dataclasses.replace(EVENT, uid=f"meeting-{n}", description="ก" * 300) for n in range(500)]
    began = time.process_time()
    file = calendar("ชุด", events, now=NOW)
    assert (time.process_time() - began < 1, len(icalendar.Calendar.from_ical(file).walk("VEVENT"))) == (True, 500)
