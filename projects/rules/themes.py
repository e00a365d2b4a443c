"""Themes: what several voices of a call say in common, what the team answers, and what changed or why not.

The team (people of the project's owner and partners) and staff keep them; the public reads those that are shown, and
shown is only what is answered. The report that tells of the change is an approved one of the same project.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from agencies.access import is_desk
from agencies.models import User
from govlab.history import Gone, drop, hold, keep
from projects.models import Call, ProgressUpdate, Theme, UpdateState, Voice
from projects.rules.calls import in_team, require_team

TO = {"up": -1, "down": 1}


def open_steps(user: User, theme: Theme, *, team: bool | None = None) -> list[str]:
    """The verbs that this person may use on the theme now; a list that knows who is on its `team` says so."""
    if team is None:
        team = is_desk(user) or in_team(user, theme.call.project)
    if not team:
        return []
    return ["edit", "answer", "unshow" if theme.shown else "show", "remove", "move"]


def _held(theme: Theme, by: User, version: int | None = None) -> Theme:
    require_team(by, theme.call)
    return hold(theme, version)


@transaction.atomic
def add(
    call: Call,
    *,
    by: User,
    title_th: str,
    title_en: str = "",
    voices: Iterable[Voice] = (),
    now: datetime | None = None,
) -> Theme:
    """A new theme at the end of the call's, with the voices that say it."""
    require_team(by, call)
    chosen = list(voices)
    _of_call(call, chosen)
    last = call.themes.aggregate(last=Max("position"))["last"] or 0
    theme = Theme(call=call, demo=call.demo, position=last + 1)
    return keep(theme, "add", by=by, now=now, title_th=title_th, title_en=title_en, voices=chosen)


def reports_for(call: Call, person: User) -> Any:
    """The approved reports of the call's project that the person may read: what an answer may name."""
    return ProgressUpdate.objects.visible_to(person).filter(project=call.project_id, state=UpdateState.APPROVED)


@transaction.atomic
def edit(
    theme: Theme, *, by: User, version: int, verb: str = "edit", now: datetime | None = None, **answers: Any
) -> Theme:
    """Says in other words what people said, or what the team answers them."""
    held, update = _held(theme, by, version), answers.get("update")
    if update and not reports_for(held.call, by).filter(pk=update.pk).exists():
        raise ValidationError({"update": _("Choose an approved report of this project.")})
    return keep(held, verb, by=by, now=now, **answers)


@transaction.atomic
def remove(theme: Theme, *, by: User, version: int | None = None) -> None:
    """Takes the theme out; its voices stay as they are."""
    drop(_held(theme, by, version), "remove", by=by)


def _of_call(call: Call, voices: list[Voice]) -> None:
    if any(voice.call_id != call.pk for voice in voices):
        raise ValidationError({"voices": _("These voices belong to another call.")})


@transaction.atomic
def group(theme: Theme, *, by: User, voices: Iterable[Voice]) -> Theme:
    """Puts voices into the theme, besides those that are there."""
    held, chosen = _held(theme, by), list(voices)
    _of_call(held.call, chosen)
    return keep(held, "group", by=by, moves_on=False, voices={*held.voices.all(), *chosen})


@transaction.atomic
def ungroup(theme: Theme, *, by: User, voices: Iterable[Voice]) -> Theme:
    """Takes voices out of the theme again."""
    held = _held(theme, by)
    return keep(held, "ungroup", by=by, moves_on=False, voices={*held.voices.all()} - {*voices})


@transaction.atomic
def answer(
    theme: Theme,
    *,
    by: User,
    version: int,
    answer_th: str = "",
    answer_en: str = "",
    outcome: str = "",
    update: ProgressUpdate | None = None,
    now: datetime | None = None,
) -> Theme:
    """Answers what people said: what became of it, and the report that tells of the change."""
    answers: dict[str, Any] = {"answer_th": answer_th, "answer_en": answer_en, "outcome": outcome, "update": update}
    return edit(theme, by=by, version=version, verb="answer", now=now, **answers)


@transaction.atomic
def show(theme: Theme, *, by: User, version: int | None = None, now: datetime | None = None) -> Theme:
    """Lets everybody read it; raises ValidationError while it has no answer, or names a report taken back since."""
    held = _held(theme, by, version)
    if held.update and held.update.state != UpdateState.APPROVED:
        raise ValidationError({"update": _("The report it names is not approved any more. Choose another one.")})
    return held if held.shown else keep(held, "show", by=by, now=now, shown=True)


@transaction.atomic
def unshow(theme: Theme, *, by: User, version: int | None = None) -> Theme:
    """Takes it off the public pages."""
    held = _held(theme, by, version)
    return keep(held, "unshow", by=by, shown=False) if held.shown else held


@transaction.atomic
def move(theme: Theme, *, by: User, to: str) -> Theme:
    """One place up or down among the call's themes; at the end nothing happens."""
    require_team(by, theme.call)
    hold(theme.call)  # before any theme: two who move at the same moment wait for each other here, and nowhere else
    rows = list(Theme.objects.select_for_update().filter(call=theme.call_id).order_by("position", "pk"))
    place = next((n for n, row in enumerate(rows) if row.pk == theme.pk), None)
    if place is None:
        raise Gone(f"Theme {theme.pk}")
    other = place + TO[to]
    if not 0 <= other < len(rows):
        return rows[place]
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, start=1):
        if row.position != number:
            keep(row, "move", by=by, moves_on=False, position=number)
    return rows[other]
