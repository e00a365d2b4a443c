"""Meetings of a series for documents: one that was held and asked for work, and the next, to which it came back."""

import datetime as dt
from typing import Any

from agencies.models import Agency, User
from projects.models import AgendaItem, Assignment, Meeting, MeetingPerson, MeetingSeries, Resolution, Shown
from projects.rules import attendance, decisions, followups, meetings, phases, publishing, series

FIRST, SECOND = dt.date(2021, 10, 5), dt.date(2021, 11, 23)
BEFORE = dt.datetime(2021, 10, 1, tzinfo=dt.UTC)
AFTER = dt.datetime(2021, 11, 23, 8, tzinfo=dt.UTC)
SECRET = "ลับเฉพาะเจ้าหน้าที่"
ADDRESS = "secret.address@example.go.th"


def of_series(staff: User, day: dt.date, **answers: Any) -> Meeting:
    """A meeting of the series, with what always stands on its agenda."""
    body = MeetingSeries.objects.filter(key="sub").first() or series.add(
        by=staff, key="sub", name_th="อ.ก.พ.ร. เพื่ออนาคต", name_en="Sub-committee on the future"
    )
    return meetings.add(
        by=staff, prefill=True, kind="committee", series=body, starts_on=day, starts_at=dt.time(9, 30), now=BEFORE,
        **answers,
    )  # fmt: skip


def part(model: Any, by: User, meeting: Meeting, **answers: Any) -> Any:
    """A part of the meeting."""
    return meetings.add_part(model, by=by, meeting=Meeting.objects.get(pk=meeting.pk), now=BEFORE, **answers)


def held(meeting: Meeting, by: User, now: dt.datetime = AFTER) -> Meeting:
    """The meeting once it took place."""
    return phases.hold(Meeting.objects.get(pk=meeting.pk), by=by, now=now)


def first(staff: User, agency: Agency, other: Agency) -> tuple[Meeting, Assignment]:
    """1/2564, held: it asks the agency, together with the other, for a study until 31 December."""
    meeting = of_series(staff, FIRST)
    item = meeting.agenda.get(kind="considered")
    resolution = part(Resolution, staff, meeting, item=item, text_th="เห็นชอบแผน")
    work = part(
        Assignment, staff, meeting, resolution=resolution, agency=agency, partners=[other], text_th="ศึกษาอุปสรรค",
        due_on=dt.date(2021, 12, 31),
    )  # fmt: skip
    return held(meeting, staff, dt.datetime(2021, 10, 5, 8, tzinfo=dt.UTC)), Assignment.objects.get(pk=work.pk)


def people(staff: User, meeting: Meeting, agency: Agency) -> dict[str, MeetingPerson]:
    """A chair who came, a member with a deputy, one excused, one absent, one not stated, one observer."""

    def person(name: str, role: str = "กรรมการ", **answers: Any) -> MeetingPerson:
        return part(MeetingPerson, staff, meeting, name_th=name, role_th=role, email=ADDRESS, **answers)

    found = {name: person(f"นาย{name}", part="member") for name in ("ประธาน", "ติดธุระ", "ลา", "ขาด", "ไม่ทราบ")}
    found["แทน"] = person("นายแทน", "รองผู้อำนวยการ", part="member", stands_for=found["ติดธุระ"])
    found["ร่วม"] = person("นายร่วม", "นักวิชาการ", part="observer", agency=agency)
    came = {
        "ประธาน": "present",
        "ติดธุระ": "excused",
        "ลา": "excused",
        "ขาด": "absent",
        "แทน": "present",
        "ร่วม": "present",
    }
    attendance.mark(
        Meeting.objects.get(pk=meeting.pk), by=staff, presences={found[name].pk: said for name, said in came.items()}
    )
    return found


def second(staff: User, agency: Agency, other: Agency, *, items: int = 1) -> tuple[Meeting, Assignment]:
    """2/2564, held: people of every kind, an open matter of 1/2564, items with what the public sees and what not."""
    _earlier, work = first(staff, agency, other)
    meeting = of_series(
        staff, SECOND, place_th="ห้องประชุม 1", began_at=dt.time(9, 35), ended_at=dt.time(12, 0),
        minutes_by="นางสาวจด", minutes_by_role="นักวิเคราะห์", checked_by="นายตรวจ",
    )  # fmt: skip
    people(staff, meeting, agency)
    top = meeting.agenda.get(kind="considered")
    for number in range(items):
        item = part(
            AgendaItem, staff, meeting, parent=AgendaItem.objects.get(pk=top.pk), title_th=f"เรื่องที่ {number}",
            presented_by=agency, presenter="ดร.เสนอ", discussion=f"{SECRET}\nบรรทัดสอง",
        )  # fmt: skip
        resolution = part(Resolution, staff, meeting, item=item, text_th=f"เห็นชอบ {number}", concerns=[other])
        part(
            Assignment, staff, meeting, resolution=resolution, agency=other, partners=[agency], text_th="รายงานผล",
            responsible=SECRET, due_on=dt.date(2022, 1, 31),
        )  # fmt: skip
    hidden = part(AgendaItem, staff, meeting, title_th=f"วาระ {SECRET}", shown=Shown.NOTHING)
    part(Resolution, staff, meeting, item=hidden, text_th=f"มติ {SECRET}")
    meeting = held(meeting, staff)
    back = meeting.follow_ups.get(assignment=work)
    followups.note(back, by=staff, version=back.version, note="ให้เร่ง")
    return Meeting.objects.select_related("series", "adopted_in").get(pk=meeting.pk), work


def extended(staff: User, work: Assignment, to: Agency) -> None:
    """The work is extended and then given to another agency."""
    work = decisions.extend(work, by=staff, due_on=dt.date(2022, 6, 30), reason="ขยาย", now=AFTER)
    decisions.reassign(work, by=staff, agency=to, reason="ย้าย", now=AFTER)


def published(meeting: Meeting, staff: User) -> Meeting:
    """The meeting, its minutes adopted by letter, as everybody sees it."""
    meeting = phases.adopt(phases.finish(meeting, by=staff), by=staff, adopted_on=meeting.starts_on)
    publishing.publish(meeting, by=staff)
    return Meeting.objects.select_related("series", "adopted_in").get(pk=meeting.pk)
