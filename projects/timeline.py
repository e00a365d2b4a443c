"""An update's life as one list, and what each sending of it said: for the desk and for the agency, from the history.

    steps = timeline(update, person)          every step and comment that this person may read, newest first
    sent = versions(update, person)           what each sending said, oldest first
    rows = difference(sent[0], sent[1])       what changed between two of them, field by field

Staff are not named to agencies, and what happens inside an agency before it sends is not told to staff.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, is_desk
from govlab.thai import format_date, format_time, pick
from projects.forms.readings import measure_text
from projects.models import Comment, Evidence, ProgressUpdate, Reading, UpdateState
from projects.models.indicators import number_text
from projects.rules.steps import STEPS
from projects.rules.updates import WRITTEN

STAFF = gettext_lazy("OPDC staff")

TOLD = {
    "submit": gettext_lazy("Sent for review"),
    "pass_on": gettext_lazy("Passed on to OPDC"),
    "hand_back": gettext_lazy("Handed back by the lead"),
    "withdraw": gettext_lazy("Withdrawn"),
    "open": gettext_lazy("Review begun"),
    "return": gettext_lazy("Returned for correction"),
    "approve": gettext_lazy("Approved"),
    "take_back": gettext_lazy("Approval taken back"),
    "fill": gettext_lazy("Filled in through a link"),
    "put_back": gettext_lazy("An earlier version put back"),
}
"""The verbs that a timeline tells of; writing itself shows in the versions."""
SENT_AGAIN = gettext_lazy("Sent for review again")
TO_LEAD = gettext_lazy("Sent to the lead")
COMMENT, COMMENT_INSIDE = gettext_lazy("Comment"), gettext_lazy("Comment among staff")
COMMENT_WITHIN = gettext_lazy("Comment within the agency")

REASONS = {"return": "return_reason", "take_back": "return_reason", "hand_back": "lead_reason"}
"""Where the reason of a step stands in its row."""
COLUMNS = [field.name for field in ProgressUpdate._meta.concrete_fields if field.name in WRITTEN]
ELSEWHERE = {"readings": gettext_lazy("Indicators"), "evidence": gettext_lazy("Evidence")}
"""What an update says besides its columns."""
WRITES = ("add", "edit", "fill", "put_back")
"""Verbs that change what an update says."""


@dataclass(frozen=True)
class Step:
    """One line of a timeline; `verb` is "comment" for a comment, `version` the number of what was sent with it."""

    verb: str
    what: str
    when: datetime
    who: str
    text: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    inside: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Line:
    """One thing that an update says: a column, a reading, a file."""

    label: str
    text: str


@dataclass(frozen=True)
class Version:
    """What one sending said; `returned` when staff returned it or took its approval back."""

    number: int
    when: datetime
    who: str
    lines: dict[tuple[str, Any], Line]
    returned: bool = False


def label(name: str) -> str:
    """What people call a column of an update, its readings or its files."""
    if name in ELSEWHERE:
        return str(ELSEWHERE[name])
    field: Any = ProgressUpdate._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def readable(field: Any, value: Any) -> str:
    """A stored value as people read it: choices by label, dates in the era of the language, records by name."""
    if value is None or value == "":
        return ""
    if field.choices:
        value = dict(field.flatchoices).get(value, value)
    elif isinstance(value, list):
        value = ", ".join(map(str, value))
    elif isinstance(value, bool):
        value = _("Yes") if value else _("No")
    elif isinstance(value, datetime):
        local = timezone.localtime(value)
        value = f"{format_date(local)} {format_time(local)}"
    elif isinstance(value, date):
        value = format_date(value)
    elif isinstance(value, Decimal):
        value = number_text(value)
    return str(value)


class Life:
    """One update's rows of history, oldest first, as one person may read them.

    Whoever knows already whether the person works for the update's agency says so (`agency`) and saves the query.
    """

    def __init__(self, update: ProgressUpdate, person: Any, *, agency: bool | None = None) -> None:
        self.update, self.desk = update, is_desk(person)
        self.agency = agencies_of(person).filter(pk=update.agency_id).exists() if agency is None else agency
        rows = update.history.select_related("history_user").order_by("history_id")
        self.rows = list(rows) if self.desk or self.agency else []
        # Only these verbs send: a row that staff opened or took back says SUBMITTED too.
        sent = [row for row in self.rows if row.state == UpdateState.SUBMITTED]
        self.sendings = [row for row in sent if row.history_change_reason in ("submit", "pass_on")]

    def who(self, row: Any) -> str:
        """Who took the step; staff have no name for agencies."""
        verb = row.history_change_reason
        if verb == "fill" and row.filled_by:
            return _("%(name)s, by a link from %(person)s") % {"name": row.filled_by, "person": row.history_user}
        if not self.desk and verb in STEPS and STEPS[verb].who == "desk":
            return str(STAFF)
        return str(row.history_user or _("The system"))

    def told(self, before: Any, row: Any) -> bool:
        """Whether the step is one of a timeline, and for this person to read."""
        if row.history_change_reason not in TOLD:
            return False
        within = UpdateState.WITH_LEAD in (row.state, before.state if before else None)
        return self.agency or not within or row.history_change_reason == "pass_on"

    def steps(self) -> list[Step]:
        """The steps, oldest first."""
        numbers = {row.history_id: number for number, row in enumerate(self.sendings, 1)}
        return [
            Step(
                verb=row.history_change_reason,
                what=self.what(row, numbers.get(row.history_id)),
                when=row.history_date,
                who=self.who(row),
                text=getattr(row, REASONS.get(row.history_change_reason, ""), ""),
                notes=noted(row.return_notes) if row.history_change_reason == "return" else (),
                version=numbers.get(row.history_id),
            )
            for before, row in zip([None, *self.rows], self.rows, strict=False)
            if self.told(before, row)
        ]

    def what(self, row: Any, number: int | None) -> str:
        """What was done, in words."""
        verb = row.history_change_reason
        if verb == "submit" and row.state == UpdateState.WITH_LEAD:
            return str(TO_LEAD)
        return str(SENT_AGAIN if verb == "submit" and number and number > 1 else TOLD[verb])

    def comments(self) -> list[Step]:
        """The comments that this person may read, oldest first."""
        rows = Comment.objects.filter(update=self.update).select_related("author")
        sides = [by_desk for by_desk, own in ((True, self.desk), (False, self.agency)) if own]
        rows = rows.filter(Q(inside=False) | Q(by_desk__in=sides))
        return [
            Step(
                verb="comment",
                what=str(COMMENT if not row.inside else COMMENT_INSIDE if row.by_desk else COMMENT_WITHIN),
                when=row.created_at,
                who=str(STAFF if row.author.is_staff and not self.desk else row.author),
                text=row.text,
                inside=row.inside and row.by_desk,
            )
            for row in (rows if self.desk or self.agency else [])
        ]

    def versions(self) -> list[Version]:
        """What each sending said, oldest first."""
        if not self.sendings:
            return []
        readings, files = past(Reading, self.update, "indicator"), past(Evidence, self.update)
        found = []
        for number, row in enumerate(self.sendings, 1):
            after = [later for later in self.rows if later.history_id > row.history_id]
            # What came with a writing was kept just after its row: all that is older than the next one belongs here.
            until = next((each.history_date for each in after if each.history_change_reason in WRITES), None)
            lines = {("column", name): Line(label(name), self.column(row, name)) for name in COLUMNS}
            for each in standing(readings, until):
                name = pick(each.indicator, "name") or label("readings")
                lines["reading", each.indicator_id] = Line(name, measured_text(each))
            for each in standing(files, until):
                lines["file", each.id] = Line(label("evidence"), file_text(each))
            until_sent = self.sendings[number].history_id if number < len(self.sendings) else None
            during = [each for each in after if until_sent is None or each.history_id < until_sent]
            returned = any(each.history_change_reason in ("return", "take_back") for each in during)
            found.append(Version(number, row.history_date, self.who(row), lines, returned))
        return found

    def timeline(self) -> list[Step]:
        """Steps and comments, newest first."""
        return sorted([*self.steps(), *self.comments()], key=lambda step: step.when)[::-1]

    def column(self, row: Any, name: str) -> str:
        """What stood in a column, as people read it."""
        return readable(ProgressUpdate._meta.get_field(name), getattr(row, name))


def timeline(update: ProgressUpdate, person: Any) -> list[Step]:
    """Every step and comment that this person may read, newest first; nothing for whoever is neither agency nor staff.

    Three queries, however much there is: the agencies, the history, the comments.
    """
    return Life(update, person).timeline()


def versions(update: ProgressUpdate, person: Any) -> list[Version]:
    """What each sending to staff said, oldest first; nothing for whoever is neither agency nor staff."""
    return Life(update, person).versions()


def since_return(sent: list[Version]) -> tuple[Version, Version] | None:
    """The version that was returned last and the one that came after it; None when there are no such two."""
    returned = next((each for each in reversed(sent[:-1]) if each.returned), None)
    return (returned, sent[-1]) if returned else None


def difference(earlier: Version, later: Version) -> list[dict[str, Any]]:
    """What changed from one version to the other, each with its label, before and after."""
    nothing = Line("", "")
    rows = []
    for key in [*earlier.lines, *(key for key in later.lines if key not in earlier.lines)]:
        old, new = earlier.lines.get(key, nothing), later.lines.get(key, nothing)
        if old.text != new.text:
            rows.append({"label": new.label or old.label, "before": old.text, "after": new.text})
    return rows


def noted(notes: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The notes of a return, each with what its field is called, in the order of the form."""
    order = [*COLUMNS, *ELSEWHERE]
    return tuple((label(name), notes[name]) for name in order if name in notes)


def past(model: Any, update: ProgressUpdate, *along: str) -> list[Any]:
    """Every row that the readings or files of an update ever had, by record and in their order."""
    rows = model.history.filter(update_id=update.pk).order_by("id", "history_id")
    return list(rows.select_related(*along) if along else rows)


def standing(rows: Iterable[Any], until: datetime | None) -> list[Any]:
    """Of each record the row that stood until then; those that were taken out before are not there."""
    found = []
    for _record, of_one in groupby(rows, key=lambda row: row.id):
        known = [row for row in of_one if until is None or row.history_date < until]
        if known and known[-1].history_type != "-":
            found.append(known[-1])
    return found


def measured_text(row: Any) -> str:
    """A reading with its unit, or why there is none."""
    text = measure_text(row)
    return text if row.value is None else f"{text} {pick(row.indicator, 'unit')}".strip()


def file_text(row: Any) -> str:
    """A file's name, and whether the public gets it."""
    return f"{row.name} ({_('For the public once approved')})" if row.released else str(row.name)
