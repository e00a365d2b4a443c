"""Demonstration data: invented progress on the real projects, brought in through the rules."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from agencies.models import Agency, Membership, Role, User
from agencies.rules import records
from govlab import files
from projects.exchange import demo_calls, demo_meetings, demo_portfolio, demo_stories
from projects.models import (
    AgendaItem,
    Assignment,
    Cohort,
    DueReport,
    Indicator,
    ProgressUpdate,
    Project,
    Resolution,
    ScheduleException,
    Stage,
)
from projects.rules import meetings, projects, publishing, reviews, rounds, schedules, stages, updates
from projects.rules.readings import Measure

FILE = Path(__file__).resolve().parent.parent / "facts" / "demo.yaml"


def is_loaded() -> bool:
    """Whether the demonstration is in the database."""
    return User.objects.filter(demo=True).exists()


def people() -> list[dict[str, Any]]:
    """The demonstration accounts: e-mail, name and what they are."""
    return _data()["people"]


def set_password(password: str) -> None:
    """Lets every demonstration account sign in with this password."""
    for user in User.objects.filter(demo=True, email__in=[person["email"] for person in people()]):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])


@transaction.atomic
def load(now: dt.datetime | None = None) -> None:
    """Brings the whole demonstration in; `now` is the day that relative days count from."""
    now = now or timezone.now()
    data = _data()
    for person in data["people"]:
        User.objects.create_user(person["email"], name=person["name"], is_staff=bool(person.get("staff")), demo=True)
    desk = User.objects.get(email=data["people"][0]["email"])
    agencies = {entry["key"]: records.add(Agency, by=desk, **entry) for entry in data["agencies"]}
    for person in data["people"]:
        if "agency" in person:
            user = User.objects.get(email=person["email"])
            records.add(Membership, by=desk, user=user, agency=agencies[person["agency"]], role=person["role"])
    acts = _rounds(data["rounds"], desk, now)
    for entry in data["projects"]:
        acts += _progress(entry, agencies[entry["owner"]], desk, now)
    for _when, act in sorted(acts, key=itemgetter(0)):
        act()
    for stage in Stage.objects.filter(project__code__in=_codes(data), state="unknown", planned_end__isnull=False):
        stages.edit(stage, by=desk, version=stage.version, state="not_started")
    for entry in data["open_updates"]:
        _under_way(entry, desk, now)
    _meeting(data["meeting"], agencies, desk, now)
    demo_meetings.load(data["committee"], agencies, desk, now)
    demo_calls.load(data["calls"], desk, now)
    demo_stories.load(data, desk, now)
    demo_portfolio.load(desk)


def _data() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def _day(value: dt.date | str | None, now: dt.datetime) -> Any:
    """A day of the file: itself, or so many days from now."""
    return timezone.localtime(now).date() + dt.timedelta(days=int(value)) if isinstance(value, str) else value


def _noon(day: dt.date, now: dt.datetime) -> dt.datetime:
    """Noon of a day that is over, else now: nothing happens in the future."""
    return min(dt.datetime.combine(day, dt.time(12), timezone.get_default_timezone()), now)


def _reporter(agency: Agency) -> User:
    return User.objects.get(memberships__agency=agency, memberships__role=Role.REPORTER)


def _codes(data: dict[str, Any]) -> list[str]:
    return [entry["code"] for entry in data["projects"]]


Act = tuple[dt.datetime, Callable[[], Any]]
"""Something that happens at a moment: what agencies report and what closes a round goes by the order of the days."""


def _progress(entry: dict[str, Any], owner: Agency, desk: User, now: dt.datetime) -> list[Act]:
    """Sets the project up; what it reports is still to be done."""
    project = Project.objects.get(code=entry["code"])
    projects.add_part(project, by=desk, agency=owner, part="owner")
    indicators = [
        records.add(Indicator, by=desk, project=project, **indicator) for indicator in entry.get("indicators", [])
    ]
    for stage, planned in zip(project.stages.all(), entry["plan"], strict=True):
        stages.edit(stage, by=desk, version=stage.version, planned_end=_day(planned, now), state=stage.state)
    return [
        (
            _noon(_day(row[2], now), now),
            partial(_report, project, row, owner=owner, indicators=indicators, desk=desk, now=now),
        )
        for row in entry["updates"]
    ]


def _report(
    project: Project, row: list[Any], *, owner: Agency, indicators: list[Indicator], desk: User, now: dt.datetime
) -> None:
    """One update, sent and approved."""
    number, state, when, title, text, *values = row
    day = _day(when, now)
    update = updates.add(
        by=_reporter(owner),
        project=project,
        stage_number=number,
        stage_state=state,
        happened_on=day,
        title=title,
        text=text,
        readings=dict(zip(indicators, map(_measure, values[0]), strict=True)) if values else None,
        attach=[_picture(title, number)] if values else [],
        release=True,
    )
    update = updates.submit(update, by=_reporter(owner), now=_noon(day + dt.timedelta(days=1), now))
    reviews.approve(update, by=desk, now=_noon(day + dt.timedelta(days=3), now))


def _rounds(entry: dict[str, Any], desk: User, now: dt.datetime) -> list[Act]:
    """The schedule of a cohort with its rounds of the last quarters; closing the first ones is still to be done."""
    today = timezone.localdate(now)
    month = 12 * today.year + (today.month - 1) // 3 * 3 - 3 * entry["quarters"]
    first = dt.date(month // 12, month % 12 + 1, 1)
    schedule = schedules.add(
        by=desk,
        cohort=Cohort.objects.get(year=entry["cohort"]),
        rhythm="quarterly",
        starts_on=first,
        now=_noon(first, now),
    )
    for differs in entry["exceptions"]:
        project = Project.objects.get(code=differs["project"])
        records.add(ScheduleException, by=desk, schedule=schedule, **{**differs, "project": project})
    for period in schedules.periods(schedule, [], today):
        rounds.turn(schedule, by=desk, now=_noon(period.opens_on, now))
    found = list(schedule.rounds.order_by("period_end"))
    *_closed, late, soon = found
    for each, day in ((late, entry["late"]), (soon, entry["due"])):
        rounds.edit(each, by=desk, due_on=_day(day, now), now=_noon(each.opens_on, now))
    for due in late.reports.filter(project__code__in=entry["waived"]["projects"]):
        rounds.waive(due, by=desk, reason=entry["waived"]["reason"], now=_noon(late.opens_on, now))
    ends = [(_noon(each.due_on + dt.timedelta(days=30), now), each) for each in found[:-2]]
    return [(when, partial(rounds.close, each, by=desk, now=when)) for when, each in ends]


def _measure(value: Any) -> Measure:
    """A reading of the file: a number, or the words why there is none."""
    return Measure(unavailable=value) if isinstance(value, str) else Measure(Decimal(str(value)))


def _picture(title: str, stage: int) -> files.Attached:
    """A drawn stand-in for a photograph, clearly one: squared paper, notes on it, and the stage's triangle."""
    colour = {1: "#4453c4", 2: "#a03a80", 3: "#b86200", 4: "#1d7a59"}[stage]
    image = Image.new("RGB", (960, 720), "#fbfaf6")
    draw = ImageDraw.Draw(image)
    for at in range(0, 960, 48):
        draw.line([(at, 0), (at, 720)], fill="#e9e5da")
        draw.line([(0, at), (960, at)], fill="#e9e5da")
    notes = [((144, 96), "#f6dfa4"), ((624, 96), "#cfe3d6"), ((144, 480), "#dcd9f2"), ((624, 480), "#f2d6e6")]
    for place, ((x, y), paper) in enumerate(notes, 1):
        draw.rectangle((x, y, x + 192, y + 144), fill=paper, outline="#1a1c2c" if place == stage else paper, width=4)
        for line in range(3):
            draw.line(
                [(x + 24, y + 42 + 30 * line), (x + 168 - 40 * line, y + 42 + 30 * line)], fill="#565a70", width=5
            )
    point, base = (264, 696) if stage % 2 else (696, 264)  # the diamonds open and close
    draw.polygon([(point, 360), (base, 264), (base, 456)], fill=colour)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return files.take(SimpleUploadedFile(f"{title[:40]} (ภาพสาธิต).png", stream.getvalue(), "image/png"))


def _under_way(entry: dict[str, Any], desk: User, now: dt.datetime) -> ProgressUpdate:
    project = Project.objects.get(code=entry["project"])
    reporter = User.objects.get(memberships__role=Role.REPORTER, memberships__agency__parts__project=project, demo=True)
    day = _day(entry["day"], now)
    update = updates.add(
        by=reporter,
        project=project,
        stage_number=entry["stage"],
        stage_state=entry["stage_state"],
        happened_on=day,
        title=entry["title"],
        text=entry["text"],
        obstacles=entry["obstacles"],
        due=DueReport.objects.filter(project=project).latest("due_on") if entry.get("answers_round") else None,
    )
    if entry["state"] != "draft":
        update = updates.submit(update, by=reporter, now=now + dt.timedelta(days=int(entry["day"])))
    if entry["state"] == "returned":
        update = reviews.return_(
            update, by=desk, reason=entry["reason"], now=now + dt.timedelta(days=int(entry["day"]) + 2)
        )
    return update


def _meeting(entry: dict[str, Any], agencies: dict[str, Agency], desk: User, now: dt.datetime) -> None:
    entry = dict(entry)
    item, resolution, assignments = entry.pop("item"), entry.pop("resolution"), entry.pop("assignments")
    day = _day(entry.pop("starts_on"), now)
    then = now - (timezone.localdate(now) - day)
    meeting = meetings.add(by=desk, now=now, starts_on=day, **entry)
    agenda = meetings.add_part(AgendaItem, by=desk, meeting=meeting, now=then, **item)
    decided = meetings.add_part(Resolution, by=desk, meeting=meeting, now=then, item=agenda, **resolution)
    for asked in assignments:
        meetings.add_part(
            Assignment,
            by=desk,
            meeting=meeting,
            now=then,
            resolution=decided,
            **{**asked, "agency": agencies[asked["agency"]], "due_on": _day(asked["due_on"], now)},
        )
    publishing.publish(meeting, by=desk)
