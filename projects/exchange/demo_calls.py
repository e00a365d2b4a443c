"""What the demonstration asks the public: a call that is open, and one that ended, with what the team made of it."""

import datetime as dt
from typing import Any

from django.utils import timezone

from agencies.models import Role, User
from govlab.history import derive
from projects.models import Call, PartKind, ProgressUpdate, Project, Voice
from projects.rules import calls, publishing, themes, voices


def load(entries: list[dict[str, Any]], desk: User, now: dt.datetime) -> None:
    """Brings the calls in; answers come while each is open, decisions a day later."""
    for entry in entries:
        _call(dict(entry), desk, now)


def _call(entry: dict[str, Any], desk: User, now: dt.datetime) -> None:
    said, made = entry.pop("voices"), entry.pop("themes")
    project = Project.objects.get(code=entry.pop("project"))
    days = {
        name: timezone.localdate(now) + dt.timedelta(days=int(entry.pop(name))) for name in ("opens_on", "closes_on")
    }
    opened = now - (timezone.localdate(now) - days["opens_on"])
    call = calls.add(by=desk, project=project, now=opened, **days, **entry)
    publishing.publish(call, by=desk, now=opened)
    taken = [_voice(call, row, desk, now) for row in said]
    owner = project.parts.get(part=PartKind.OWNER).agency
    reporter = User.objects.filter(memberships__agency=owner, memberships__role=Role.REPORTER).first() or desk
    for row in made:
        when = now + dt.timedelta(days=int(row["shown"]))
        _theme(call, row, [taken[n - 1] for n in row["voices"]], reporter, when)


def _voice(call: Call, row: list[Any], desk: User, now: dt.datetime) -> Voice:
    """[day, standpoint, text, what was decided, why or how to reach them]"""
    day, standpoint, text, decided, *more = row
    at = now + dt.timedelta(days=int(day))
    contact = more[0] if decided == "waiting" and more else ""
    voice = voices.answer(call, text=text, standpoint=standpoint, contact=contact, now=at)
    voice.created_at = at
    derive([voice], ["created_at"])
    decide_at = min(at + dt.timedelta(days=1), now)
    if decided == "shown":
        return voices.show(voice, by=desk, now=decide_at)
    if decided == "withheld":
        return voices.withhold(voice, by=desk, reason=more[0], now=decide_at)
    return voice


def _theme(call: Call, row: dict[str, Any], said: list[Voice], by: User, when: dt.datetime) -> None:
    titles = {"title_th": row["title_th"], "title_en": row["title_en"]}
    theme = themes.add(call, by=by, voices=said, now=when, **titles)
    if "outcome" not in row:
        return
    update = ProgressUpdate.objects.public().filter(project=call.project, title=row.get("update", "")).first()
    answer = {name: row[name] for name in ("answer_th", "answer_en", "outcome")}
    theme = themes.answer(theme, by=by, version=theme.version, update=update, now=when, **answer)
    themes.show(theme, by=by, now=when)
