"""When a person saw a meeting's agenda, people, papers and ledger, read off the history (`projects.api.sight`)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from govlab.spans import Spans, both, joined, spans_of
from projects.api.sight import Entries, Eyes, history, is_published
from projects.models import AgendaItem, Assignment, Meeting, Resolution, Shown, Takes
from projects.models.meetings import AFTER


@dataclass(frozen=True)
class Met:
    """When each of these meetings was published, had been held, and both at once, by its number."""

    public: dict[int, Spans]
    held: dict[int, Spans]
    ledger: dict[int, Spans]


def met(numbers: Iterable[int]) -> Met:
    """The stretches of these meetings."""
    rows = history(Meeting, numbers)
    public = {n: spans_of(entries, is_published) for n, entries in rows.items()}
    held = {n: spans_of(entries, lambda row: row.phase in AFTER) for n, entries in rows.items()}
    return Met(public, held, {n: both(held[n], public[n]) for n in rows})


def _of_meetings(eyes: Eyes, found: Entries, public: Callable[[list[Any], Met], Spans]) -> dict[int, Spans]:
    """Everybody while `public` says so of the entries and their meetings; staff always."""
    meetings = met({rows[0].meeting_id for rows in found.values()})
    return {n: both(spans_of(rows), joined(public(rows, meetings), eyes.desk)) for n, rows in found.items()}


def of_meetings(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Whoever sees the meeting."""
    return _of_meetings(eyes, found, lambda rows, meetings: meetings.public.get(rows[0].meeting_id, []))


def meeting_people(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody who speaks at a published meeting, and who was called once it was held; staff all."""

    def public(rows: list[Any], meetings: Met) -> Spans:
        meeting = rows[0].meeting_id
        speaks = both(spans_of(rows, lambda row: row.part == Takes.SPEAKER), meetings.public.get(meeting, []))
        return joined(speaks, meetings.ledger.get(meeting, []))

    return _of_meetings(eyes, found, public)


def _showing(items: Iterable[int], least: Shown) -> dict[int, Spans]:
    """When each of these items of agendas let the public see at least so much, were the meeting published."""
    return {n: spans_of(rows, lambda row: row.shown >= least) for n, rows in history(AgendaItem, items).items()}


def agenda_items(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody those that are shown of published meetings; staff all."""

    def public(rows: list[Any], meetings: Met) -> Spans:
        shown = spans_of(rows, lambda row: row.shown >= Shown.TITLE)
        return both(shown, meetings.public.get(rows[0].meeting_id, []))

    return _of_meetings(eyes, found, public)


def papers(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody those of items of which everything is shown, of published meetings; staff all."""
    items = {rows[0].item_id for rows in found.values()}
    places = {n: rows[0].meeting_id for n, rows in history(AgendaItem, items).items()}
    open_, public = _showing(items, Shown.EVERYTHING), met(places.values()).public
    seen = {n: joined(both(open_[n], public.get(place, [])), eyes.desk) for n, place in places.items()}
    return {n: both(spans_of(rows), seen.get(rows[0].item_id, eyes.desk)) for n, rows in found.items()}


def _shown(resolutions: Iterable[int]) -> dict[int, Spans]:
    """When each of these resolutions stood under an item that shows them."""
    rows = history(Resolution, resolutions)
    shown = _showing({row.item_id for entries in rows.values() for row in entries}, Shown.RESOLUTIONS)
    return {
        n: joined(
            *(
                both(spans_of(entries, lambda row, at=at: row.item_id == at), shown.get(at, []))
                for at in {row.item_id for row in entries}
            )
        )
        for n, entries in rows.items()
    }


def resolutions(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody those of items that show them, of published meetings that were held; staff all."""
    shown = _shown(found)
    return _of_meetings(
        eyes, found, lambda rows, meetings: both(shown[rows[0].id], meetings.ledger.get(rows[0].meeting_id, []))
    )


def _partners(eyes: Eyes) -> dict[int, set[int]]:
    """By state of an assignment, which of the person's agencies were asked together with the first one."""
    model: Any = Assignment.history.model
    rows = model._meta.get_field("historicalassignment_partners").related_model.objects
    found: dict[int, set[int]] = defaultdict(set)
    for state, agency in rows.filter(agency_id__in=[*eyes.agencies]).values_list("history_id", "agency_id"):
        found[state].add(agency)
    return found


def assignments(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody what published meetings show once they were held, the agencies asked theirs all the same; staff all."""
    shown = _shown({row.resolution_id for rows in found.values() for row in rows} - {None})
    partners = _partners(eyes) if eyes.agencies else {}

    def public(rows: list[Any], meetings: Met) -> Spans:
        whole = spans_of(rows, lambda row: row.resolution_id is None)
        under = {row.resolution_id for row in rows} - {None}
        by_resolution = (
            both(spans_of(rows, lambda row, at=at: row.resolution_id == at), shown.get(at, [])) for at in under
        )
        asks = eyes.works(rows, named=lambda row: {row.agency_id} | partners.get(row.history_id, set()))
        meeting = rows[0].meeting_id
        everybody = both(joined(whole, *by_resolution), meetings.ledger.get(meeting, []))
        return joined(everybody, both(asks, meetings.held.get(meeting, [])))

    return _of_meetings(eyes, found, public)


def follow_ups(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody those of items that show resolutions, about assignments that they see; staff all."""
    items = _showing({row.item_id for rows in found.values() for row in rows}, Shown.RESOLUTIONS)
    seen = assignments(eyes, history(Assignment, {rows[0].assignment_id for rows in found.values()}))

    def public(rows: list[Any], meetings: Met) -> Spans:
        shown = (
            both(spans_of(rows, lambda row, at=at: row.item_id == at), items.get(at, []))
            for at in {row.item_id for row in rows}
        )
        there = both(joined(*shown), meetings.ledger.get(rows[0].meeting_id, []))
        return both(there, seen.get(rows[0].assignment_id, []))

    return _of_meetings(eyes, found, public)
