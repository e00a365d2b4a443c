"""Demonstration data: invented progress on the real projects, brought in through the rules."""

import datetime as dt
import io
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
from projects.models import AgendaItem, Assignment, Indicator, Meeting, ProgressUpdate, Project, Resolution
from projects.rules import meetings, projects, publishing, stages, updates

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
    for entry in data["projects"]:
        _progress(entry, agencies[entry["owner"]], desk, now)
    for entry in data["open_updates"]:
        _under_way(entry, desk, now)
    _meeting(data["meeting"], agencies, desk, now)


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


def _progress(entry: dict[str, Any], owner: Agency, desk: User, now: dt.datetime) -> None:
    project = Project.objects.get(code=entry["code"])
    projects.add_part(project, by=desk, agency=owner, part="owner")
    indicators = [
        records.add(Indicator, by=desk, project=project, **indicator) for indicator in entry.get("indicators", [])
    ]
    for stage, planned in zip(project.stages.all(), entry["plan"], strict=True):
        stages.edit(stage, by=desk, version=stage.version, planned_end=_day(planned, now), state=stage.state)
    for number, state, when, title, text, *values in entry["updates"]:
        day = _day(when, now)
        update = updates.add(
            by=_reporter(owner),
            project=project,
            stage_number=number,
            stage_state=state,
            happened_on=day,
            title=title,
            text=text,
            readings=dict(zip(indicators, values[0], strict=True)) if values else None,
            attach=[_picture(title, number)] if values else [],
            release=True,
        )
        update = updates.submit(update, by=_reporter(owner), now=_noon(day + dt.timedelta(days=1), now))
        updates.approve(update, by=desk, now=_noon(day + dt.timedelta(days=3), now))
    for stage in project.stages.filter(state="unknown", planned_end__isnull=False):
        stages.edit(stage, by=desk, version=stage.version, state="not_started")


def _picture(title: str, stage: int) -> files.Attached:
    """A drawn stand-in for a photograph, clearly one."""
    colours = {1: "#4453c4", 2: "#a03a80", 3: "#b86200", 4: "#1d7a59"}
    image = Image.new("RGB", (960, 540), "#fbfaf6")
    ImageDraw.Draw(image).polygon([(180, 270), (780, 60), (780, 480)], fill=colours[stage])
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return files.take(SimpleUploadedFile(f"ภาพสาธิต ขั้น {stage}.png", stream.getvalue(), "image/png"))


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
    )
    if entry["state"] != "draft":
        update = updates.submit(update, by=reporter, now=now + dt.timedelta(days=int(entry["day"])))
    if entry["state"] == "returned":
        update = updates.return_(
            update, by=desk, reason=entry["reason"], now=now + dt.timedelta(days=int(entry["day"]) + 2)
        )
    return update


def _meeting(entry: dict[str, Any], agencies: dict[str, Agency], desk: User, now: dt.datetime) -> None:
    entry = dict(entry)
    item, resolution, assignments = entry.pop("item"), entry.pop("resolution"), entry.pop("assignments")
    day = _day(entry.pop("starts_on"), now)
    meeting = records.add(Meeting, by=desk, starts_on=day, **entry)
    agenda = meetings.add_part(AgendaItem, by=desk, meeting=meeting, **item)
    decided = meetings.add_part(Resolution, by=desk, meeting=meeting, item=agenda, **resolution)
    for asked in assignments:
        meetings.add_part(
            Assignment,
            by=desk,
            meeting=meeting,
            resolution=decided,
            **{**asked, "agency": agencies[asked["agency"]], "due_on": _day(asked["due_on"], now)},
        )
    publishing.publish(meeting, by=desk)
