"""What a meeting asked of whom, as it was given: minutes stay when the work is extended or reassigned."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.models import Agency
from projects.models import Assignment, Meeting

LATER = ("extend", "reassign")


@dataclass(frozen=True)
class Given:
    """To whom an assignment went at first, together with whom, until when."""

    agency: str
    partners: tuple[str, ...]
    due_on: date | None


def given_before(meeting: Meeting) -> dict[int, Given]:
    """The assignments of the meeting that were extended or reassigned since, as they were before that."""
    last: dict[int, int] = {}
    moved: set[int] = set()
    rows = Assignment.history.filter(meeting=meeting.pk).order_by("history_date", "history_id")
    for pk, entry, verb in rows.values_list("id", "history_id", "history_change_reason"):
        if verb in LATER:
            moved.add(pk)
        if pk not in moved:
            last[pk] = entry
    entries = [last[pk] for pk in moved if pk in last]
    found = list(
        Assignment.history.filter(history_id__in=entries).values_list("history_id", "id", "agency_id", "due_on")
    )
    partners = _partners(entries) if entries else []
    agencies = Agency.objects.in_bulk({row[2] for row in found} | {agency for _entry, agency in partners})
    return {
        pk: Given(
            agency=str(agencies.get(agency, "")),
            partners=tuple(str(agencies[other]) for of, other in partners if of == entry and other in agencies),
            due_on=due_on,
        )
        for entry, pk, agency, due_on in found
    }


def _partners(entries: list[int]) -> list[tuple[int, int]]:
    """Which agencies were asked together with the first, by the entry of the history."""
    rows: Any = Assignment.history.model.partners.model._default_manager
    return list(rows.filter(history__in=entries).order_by("pk").values_list("history_id", "agency_id"))
