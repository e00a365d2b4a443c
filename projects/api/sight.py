"""When a person saw a record, read off the history: of each kind, when everybody did, when its agencies, when staff."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from agencies.access import is_desk
from agencies.models import Membership
from govlab.spans import Spans, both, joined, spans_of
from projects.models import (
    Call,
    DueReport,
    Moderation,
    ProgressUpdate,
    Project,
    ProjectAgency,
    PublishState,
    UpdateState,
)
from projects.models.projects import REPORTING_PARTS
from projects.models.updates import INSIDE_AGENCY

AT_ONCE = 500
"""Records whose history is read at once: as many numbers as any database takes."""
Entries = dict[int, list[Any]]


def history(model: Any, numbers: Iterable[int], column: str = "id") -> Entries:
    """The history of these records, oldest first, by the number in the column."""
    found: Entries = defaultdict(list)
    known = sorted({*numbers} - {None})
    for start in range(0, len(known), AT_ONCE):
        rows = model.history.filter(**{f"{column}__in": known[start : start + AT_ONCE]})
        for entry in rows.order_by("history_date", "history_id"):
            found[getattr(entry, column)].append(entry)
    return found


class Eyes:
    """Through which a person looked at the records of some kind: when they worked where, and what they saw so."""

    def __init__(self, person: Any) -> None:
        self.person = person

    @cached_property
    def desk(self) -> Spans:
        """When they were one of OPDC's staff."""
        if not self.person.is_authenticated:
            return []
        rows = type(self.person).history.filter(id=self.person.pk).order_by("history_date", "history_id")
        found = spans_of(rows, lambda row: row.is_staff and row.is_active)
        # Who was made staff from the shell has no history of it.
        return found or ([(self.person.created_at, None)] if is_desk(self.person) else [])

    @cached_property
    def agencies(self) -> dict[int, Spans]:
        """When they worked for which agency."""
        if not self.person.is_authenticated:
            return {}
        rows = Membership.history.filter(user_id=self.person.pk).order_by("history_date", "history_id")
        by_record: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            by_record[row.id].append(row)
        found: dict[int, Spans] = {}
        for entries in by_record.values():
            agency = entries[0].agency_id
            found[agency] = joined(found.get(agency, []), spans_of(entries))
        return found

    def works(
        self,
        entries: list[Any],
        *,
        where: Callable[[Any], bool] = bool,
        named: Callable[[Any], set[int]] = lambda row: {row.agency_id},
    ) -> Spans:
        """When one of their agencies was named in the record while they worked there."""
        found = {agency for entry in entries for agency in named(entry)} & {*self.agencies}
        return joined(
            *(
                both(spans_of(entries, lambda row, at=at: at in named(row) and where(row)), self.agencies[at])
                for at in found
            )
        )


def is_published(row: Any) -> bool:
    """Whether the public saw it in this state."""
    return bool(row.state == PublishState.PUBLISHED)


def public_of(model: Any, numbers: Iterable[int]) -> dict[int, Spans]:
    """When each of these was published."""
    return {number: spans_of(entries, is_published) for number, entries in history(model, numbers).items()}


def reported(eyes: Eyes, numbers: Iterable[int]) -> dict[int, Spans]:
    """When each of these projects was one that the person's agencies reported on."""
    if not eyes.agencies:
        return {}
    found: dict[int, list[Spans]] = defaultdict(list)
    parts = ProjectAgency.history.filter(agency_id__in=[*eyes.agencies])
    kept = {*numbers}
    for entries in history(ProjectAgency, {row.id for row in parts if row.project_id in kept}).values():
        seen = eyes.works(entries, where=lambda row: row.part in REPORTING_PARTS)
        found[entries[0].project_id].append(seen)
    return {number: joined(*several) for number, several in found.items()}


Seen = Callable[[Eyes, Entries], dict[int, Spans]]
"""When the person saw each of these records, by its number."""


# --- what staff keep -------------------------------------------------------------------------------------------------
def always(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody sees them."""
    return {number: spans_of(entries) for number, entries in found.items()}


def desk(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Staff alone."""
    return {number: both(spans_of(entries), eyes.desk) for number, entries in found.items()}


def published(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody while they are published; staff always."""
    return {n: joined(spans_of(rows, is_published), both(spans_of(rows), eyes.desk)) for n, rows in found.items()}


def colleagues(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Whoever works for the same agency, and staff."""
    return {n: joined(eyes.works(rows), both(spans_of(rows), eyes.desk)) for n, rows in found.items()}


# --- projects --------------------------------------------------------------------------------------------------------
def projects(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody while they are published, the agencies that report on them always."""
    own, seen = reported(eyes, found), published(eyes, found)
    return {n: joined(seen[n], both(spans_of(rows), own.get(n, []))) for n, rows in found.items()}


def of_projects(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Whoever sees the project."""
    wholes = {rows[0].project_id for rows in found.values()}
    public, own = public_of(Project, wholes), reported(eyes, wholes)
    seen = {whole: joined(public.get(whole, []), own.get(whole, []), eyes.desk) for whole in wholes}
    return {n: both(spans_of(rows), seen[rows[0].project_id]) for n, rows in found.items()}


def due_reports(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """The agencies that report on the project, and staff."""
    own = reported(eyes, {rows[0].project_id for rows in found.values()})
    return {n: both(spans_of(rows), joined(own.get(rows[0].project_id, []), eyes.desk)) for n, rows in found.items()}


def rounds(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """The agencies that a due report of theirs asks, and staff."""
    asked: dict[int, Spans] = defaultdict(list)
    if eyes.agencies:
        parts = ProjectAgency.history.filter(agency_id__in=[*eyes.agencies]).values("project_id")
        reports = DueReport.history.filter(round_id__in=[*found], project_id__in=parts).values_list("id", flat=True)
        entries = history(DueReport, reports)
        for number, spans in due_reports(eyes, entries).items():
            whole = entries[number][0].round_id
            asked[whole] = joined(asked[whole], spans)
    return {n: both(spans_of(rows), joined(asked[n], eyes.desk)) for n, rows in found.items()}


def updates(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody the approved ones of published projects, an agency its own, staff those that were sent."""
    public = public_of(Project, {rows[0].project_id for rows in found.values()})

    def seen(rows: list[Any]) -> Spans:
        approved = spans_of(rows, lambda row: row.state == UpdateState.APPROVED)
        sent = spans_of(rows, lambda row: row.state not in INSIDE_AGENCY)
        return joined(both(approved, public.get(rows[0].project_id, [])), both(sent, eyes.desk), eyes.works(rows))

    return {n: seen(rows) for n, rows in found.items()}


def links(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """The people of the agency whose report it is."""
    reports = history(ProgressUpdate, {rows[0].update_id for rows in found.values()})
    own = {number: eyes.agencies.get(entries[0].agency_id, []) for number, entries in reports.items()}
    return {n: both(spans_of(rows), own.get(rows[0].update_id, [])) for n, rows in found.items()}


# --- what visitors say -----------------------------------------------------------------------------------------------
def _taking_part(eyes: Eyes, found: Entries, whole_of: Callable[[Any], int], public: Callable[[Any], Spans]) -> Any:
    """Everybody while `public` says so of the entries, the team of the project `whole_of` a row always, staff too."""
    own = reported(eyes, {whole_of(rows[0]) for rows in found.values()})

    def seen(rows: list[Any]) -> Spans:
        inside = joined(own.get(whole_of(rows[0]), []), eyes.desk)
        return joined(public(rows), both(spans_of(rows), inside))

    return {n: seen(rows) for n, rows in found.items()}


def calls(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody the published ones of published projects; the project's team and staff all."""
    public = public_of(Project, {rows[0].project_id for rows in found.values()})
    return _taking_part(
        eyes,
        found,
        lambda row: row.project_id,
        lambda rows: both(spans_of(rows, is_published), public.get(rows[0].project_id, [])),
    )


def ratings(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody those that are shown, of published projects; the project's team and staff all."""
    public = public_of(Project, {rows[0].project_id for rows in found.values()})
    return _taking_part(
        eyes,
        found,
        lambda row: row.project_id,
        lambda rows: both(spans_of(rows, is_shown), public.get(rows[0].project_id, [])),
    )


def under_calls(eyes: Eyes, found: Entries) -> dict[int, Spans]:
    """Everybody what is shown under a public call; the project's team and staff all."""
    asked = history(Call, {rows[0].call_id for rows in found.values()})
    wholes = {number: entries[0].project_id for number, entries in asked.items()}
    public = public_of(Project, wholes.values())
    open_ = {n: both(spans_of(entries, is_published), public.get(wholes[n], [])) for n, entries in asked.items()}
    return _taking_part(
        eyes,
        found,
        lambda row: wholes.get(row.call_id, 0),
        lambda rows: both(spans_of(rows, is_shown), open_.get(rows[0].call_id, [])),
    )


def is_shown(row: Any) -> bool:
    """Whether the public saw what a visitor wrote, or the team's answer, in this state."""
    return bool(row.shown if hasattr(row, "shown") else row.state == Moderation.SHOWN)
