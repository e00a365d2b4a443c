"""Records for tests, made through the rules, so that no test stands on a state the portal cannot reach."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from agencies.models import Agency, Membership, Role, User
from agencies.rules import agencies, records
from projects.models import (
    Assignment,
    Call,
    Cohort,
    Indicator,
    Innovation,
    Meeting,
    ProgressUpdate,
    Project,
    Round,
    Schedule,
    ScheduleDate,
    ServiceField,
    Voice,
)
from projects.rules import calls, meetings, projects, publishing, reviews, rounds, schedules, updates, voices

PASSWORD = "a-long-password-for-tests"
numbers = itertools.count(1)


def make_user(name: str = "", **fields: Any) -> User:
    """A person who can sign in with PASSWORD."""
    n = next(numbers)
    return User.objects.create_user(f"person{n}@govlab.test", PASSWORD, name=name or f"ผู้ใช้ {n}", **fields)


def make_staff(name: str = "เจ้าหน้าที่ ก.พ.ร.") -> User:
    """One of OPDC's people."""
    return make_user(name, is_staff=True)


def make_agency(by: User, name: str = "", **answers: Any) -> Agency:
    """An agency."""
    n = next(numbers)
    return records.add(
        Agency, by=by, **{"key": f"agency-{n}", "name_th": name or f"หน่วยงาน {n}", "kind": "government", **answers}
    )


def make_member(agency: Agency, role: str = Role.REPORTER, name: str = "") -> User:
    """A person who works for the agency."""
    user = make_user(name)
    Membership.objects.create(user=user, agency=agency, role=role)
    return user


def make_cohort(by: User, year: int = 2562) -> Cohort:
    """The cohort of this Buddhist year, made when it is not there."""
    return Cohort.objects.filter(year=year).first() or records.add(Cohort, by=by, year=year)


def make_field(by: User, name: str = "การศึกษา") -> ServiceField:
    """A field of service."""
    return records.add(ServiceField, by=by, key=f"field-{next(numbers)}", name_th=name)


def make_project(
    by: User, *, owner: Agency | None = None, published: bool = True, year: int = 2562, **answers: Any
) -> Project:
    """A project, published unless said otherwise, owned by the agency."""
    n = next(numbers)
    values = {"code": f"GL{year}-{n % 1000}", "title_th": f"โครงการ {n}", "cohort": make_cohort(by, year), **answers}
    project = projects.add(by=by, **values)
    if owner:
        projects.add_part(project, by=by, agency=owner, part="owner")
    return publishing.publish(project, by=by) if published else project


def make_indicator(by: User, project: Project, **answers: Any) -> Indicator:
    """An indicator: schools that take part, from 0 to 12."""
    values = {"name_th": f"โรงเรียนที่ร่วม {next(numbers)}", "unit_th": "แห่ง", "baseline": 0, "target": 12, **answers}
    return records.add(Indicator, by=by, project=project, **values)


FULL = {
    "stage_number": 2,
    "stage_state": "in_progress",
    "happened_on": dt.date(2019, 6, 30),
    "title": "สัมภาษณ์ผู้ใช้บริการ 24 คน",
    "text": "สัมภาษณ์แรงงาน นายจ้าง และเจ้าหน้าที่",
    "obstacles": "ขอล่ามเพิ่ม",
}
"""Answers of an update that may be submitted."""


def make_update(
    by: User, project: Project, state: str = "draft", staff: User | None = None, **answers: Any
) -> ProgressUpdate:
    """An update by this reporter, brought into the state by the verbs that lead there."""
    update = updates.add(by=by, project=project, **{**FULL, **answers})
    if state in ("submitted", "returned", "approved"):
        update = updates.submit(update, by=by, now=timezone.now())
    if state == "returned":
        assert staff
        update = reviews.return_(update, by=staff, reason="ขอจำนวนผู้ให้สัมภาษณ์")
    if state == "approved":
        assert staff
        update = reviews.approve(update, by=staff)
    return update


def make_with_lead(by: User, project: Project, **answers: Any) -> ProgressUpdate:
    """An update that waits for a lead of its agency, who was asked only for this one."""
    update = updates.add(by=by, project=project, **{**FULL, **answers})
    leader = make_member(update.agency, Role.LEAD)
    for passes_on in (True, False):
        agency = Agency.objects.get(pk=update.agency_id)
        agencies.set_passing(agency, by=leader, version=agency.version, lead_passes_on=passes_on)
        if passes_on:
            update = updates.submit(ProgressUpdate.objects.get(pk=update.pk), by=by)
    return update


def make_meeting(by: User, *, published: bool = True, **answers: Any) -> Meeting:
    """A conference."""
    n = next(numbers)
    values = {
        "key": f"meeting-{n}",
        "kind": "conference",
        "title_th": f"การประชุม {n}",
        "starts_on": dt.date(2019, 1, 11),
        **answers,
    }
    meeting = meetings.add(by=by, **values)
    return publishing.publish(meeting, by=by) if published else meeting


def make_assignment(by: User, agency: Agency, *, meeting: Meeting | None = None, **answers: Any) -> Assignment:
    """What a meeting (a published one unless given) asks of the agency."""
    values = {"agency": agency, "text_th": f"รวบรวมบทเรียน {next(numbers)}", "partners": [], **answers}
    return meetings.add_part(Assignment, by=by, meeting=meeting or make_meeting(by), **values)


def make_innovation(by: User, *, published: bool = True, **answers: Any) -> Innovation:
    """An entry of the library."""
    values = {"title_th": f"นวัตกรรม {next(numbers)}", "country": "TH", **answers}
    innovation = records.add(Innovation, by=by, **values)
    return publishing.publish(innovation, by=by) if published else innovation


def make_round(by: User, *, year: int = 2562, due_in: int = 10, now: dt.datetime | None = None, **days: Any) -> Round:
    """An open round of the cohort that is due so many days from now, with a due report for every project there is.

    A second one must be due later than the first, as nothing is asked about the same days twice; 14 is the latest.
    """
    now = now or timezone.now()
    end = timezone.localdate(now) + dt.timedelta(days=due_in - 15)
    schedule = Schedule.objects.filter(cohort__year=year).first() or schedules.add(
        by=by, cohort=make_cohort(by, year), rhythm="named", starts_on=end - dt.timedelta(days=90), now=now, **days
    )
    records.add(ScheduleDate, by=by, schedule=schedule, ends_on=end)
    rounds.tick(now)
    return Round.objects.get(schedule=schedule, period_end=end)


def make_call(
    by: User, project: Project, *, published: bool = True, today: dt.date | None = None, **answers: Any
) -> Call:
    """A call, open from a week before `today` (Bangkok's) to a week after it; published unless said otherwise."""
    today, week = today or timezone.localdate(), dt.timedelta(days=7)
    values = {
        "stage_number": 2,
        "question_th": f"อะไรทำให้รอนาน {next(numbers)}",
        "use_th": "ทีมอ่านทุกความเห็น",
        "opens_on": today - week,
        "closes_on": today + week,
        **answers,
    }
    call = calls.add(by=by, project=project, **values)
    return publishing.publish(call, by=by) if published else call


def make_voice(call: Call, state: str = "waiting", by: User | None = None, **answers: Any) -> Voice:
    """What a visitor answers to an open call, brought into the state by whoever decides (`by`)."""
    voice = voices.answer(call, **{"text": f"รอคิวนานมาก {next(numbers)}", "standpoint": "user", **answers})
    if state == "shown":
        assert by
        voice = voices.show(voice, by=by)
    if state == "withheld":
        assert by
        voice = voices.withhold(voice, by=by, reason="abuse")
    return voice
