"""What every door shows of a call: how it stands on a day, its answers in numbers, what people said in common."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from govlab.paging import page_of
from projects.forms.calls import reason_choices
from projects.models import Call, Moderation, ProgressUpdate, PublishState, Standpoint, Theme, Voice
from projects.rules import calls
from projects.rules.voices import reason_words

PAGE = 20
"""Voices on a page."""
STANDINGS: dict[str, Any] = {
    "draft": gettext_lazy("Draft"),
    "hidden": gettext_lazy("Hidden"),
    "open": gettext_lazy("Open now"),
    "soon": gettext_lazy("Opens soon"),
    "ended": gettext_lazy("Closed for answers"),
}


def standing(call: Call, on: date) -> str:
    """How it stands on this day: draft, hidden, soon, open or ended."""
    if call.state != PublishState.PUBLISHED:
        return str(call.state)
    return "soon" if on < call.opens_on else "open" if on <= call.closes_on else "ended"


def _count_of(rows: QuerySet[Any]) -> Any:
    counted = rows.filter(call=OuterRef("pk")).order_by().values("call").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Calls with how many voices each has, how many of these are shown or wait, and how many themes are shown."""
    return rows.select_related("project").annotate(
        n_voices=_count_of(Voice.objects.all()),
        n_shown=_count_of(Voice.objects.filter(state=Moderation.SHOWN)),
        n_waiting=_count_of(Voice.objects.filter(state=Moderation.WAITING)),
        n_themes=_count_of(Theme.objects.filter(shown=True)),
    )


@dataclass(frozen=True)
class Tally:
    """The voices of a call by what was decided and by why not; those that are shown by who wrote them."""

    total: int
    shown: int
    waiting: int
    withheld: int
    reasons: list[tuple[str, int]]
    standpoints: list[tuple[str, int]]


def _by_number(row: tuple[str, int]) -> tuple[bool, int, str]:
    """The most frequent first; "somebody else" always last."""
    return row[0] == Standpoint.OTHER, -row[1], row[0]


def tally(call: Call) -> Tally:
    """The numbers of a call, in one query; the reasons and standpoints that there are, the most frequent first."""
    rows = call.voices.order_by().values_list("state", "reason", "standpoint").annotate(n=Count("pk"))
    states: dict[str, int] = dict.fromkeys(Moderation.values, 0)
    reasons: dict[str, int] = {}
    standpoints: dict[str, int] = {}
    for state, reason, who, n in rows:
        states[state] += n
        if state == Moderation.SHOWN:  # of the others nothing shows, not even who wrote them
            standpoints[who] = standpoints.get(who, 0) + n
        if state == Moderation.WITHHELD:
            reasons[reason] = reasons.get(reason, 0) + n
    names = dict(Standpoint.choices)
    return Tally(
        sum(states.values()),
        states[Moderation.SHOWN],
        states[Moderation.WAITING],
        states[Moderation.WITHHELD],
        [(reason_words(reason), n) for reason, n in sorted(reasons.items(), key=lambda row: (-row[1], row[0]))],
        [(str(names[who]), n) for who, n in sorted(standpoints.items(), key=_by_number)],
    )


def themes_of(call: Call, person: Any) -> list[Any]:
    """The themes that the person may see, with how many voices say each and how many of these are shown.

    A report that they may not read is left out.
    """
    numbers = {
        "n_voices": Count("voices", filter=~Q(voices__state=Moderation.WITHHELD)),
        "n_shown": Count("voices", filter=Q(voices__state=Moderation.SHOWN)),
    }
    readable = Exists(ProgressUpdate.objects.visible_to(person).filter(pk=OuterRef("update")))
    rows = Theme.objects.visible_to(person).filter(call=call).select_related("update")
    found: list[Any] = list(rows.annotate(readable=readable, **numbers).order_by("position", "pk"))
    for theme in found:
        if not theme.readable:
            theme.update = None
    return found


def team_page(request: HttpRequest, call: Call, person: Any, today: date) -> dict[str, Any]:
    """What the team and staff see of a call: numbers, themes, voices of one state or theme, with ticks to sort them."""
    rows = Voice.objects.visible_to(person).filter(call=call).select_related("contact", "decided_by")
    state, theme = request.GET.get("state", ""), request.GET.get("theme", "")
    if state in Moderation.values:
        rows = rows.filter(state=state)
    found = themes_of(call, person)
    chosen = next((row for row in found if str(row.pk) == theme), None)
    if chosen:
        rows = rows.filter(themes=chosen)
    elif theme == "none":
        rows = rows.filter(themes=None)
    rows = rows.order_by("created_at", "pk")
    page = page_of(request, rows.prefetch_related("themes"), PAGE)
    return {
        "call": call,
        "standing": standing(call, today),
        "standing_label": STANDINGS[standing(call, today)],
        "tally": tally(call),
        "themes": found,
        "chosen": chosen,
        "state": state,
        "theme": theme,
        "page_obj": page,
        "every_voice": rows.select_related("call__project"),
        "voices": list(page),
        "steps": calls.open_steps(person, call, today),
        "decides": calls.moderates(person, call),
        "reasons": reason_choices(),
        "ticked": set(request.GET.getlist("ticked")),
        "typed": request.GET,
        "form_key": uuid.uuid4().hex,
    }
