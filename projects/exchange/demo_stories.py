"""What the demonstration tells of its projects, and what its visitors think of them."""

import datetime as dt
from typing import Any

from agencies.models import User
from govlab.history import derive
from projects.models import Project
from projects.rules import projects, ratings


def load(data: dict[str, Any], desk: User, now: dt.datetime) -> None:
    """Brings in the stories and the ratings of the file."""
    for entry in data["stories"]:
        _tell(dict(entry), desk)
    for code, rows in data["ratings"].items():
        for number, row in enumerate(rows):
            _rate(Project.objects.get(code=code), row, f"demo {number}", desk, now)


def _tell(story: dict[str, Any], desk: User) -> None:
    project = Project.objects.get(code=story.pop("project"))
    projects.edit(project, by=desk, version=project.version, code=project.code, cohort=project.cohort, **story)


def _rate(project: Project, row: list[Any], visitor: str, desk: User, now: dt.datetime) -> None:
    """[day, stars, comment, whether it is shown]: marked, for the project itself is a real one."""
    day, stars, comment, decided = row
    at = now + dt.timedelta(days=int(day))
    rating = ratings.rate(project, visitor=visitor, stars=stars, comment=comment, now=at)
    rating.created_at, rating.demo = at, True
    derive([rating], ["created_at", "demo"])
    if decided == "shown":
        ratings.show(rating, by=desk, now=min(at + dt.timedelta(days=1), now))
