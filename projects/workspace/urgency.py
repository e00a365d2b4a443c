"""One thing that is asked of a person's agencies, and which of two such things is the more urgent."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy

from projects.models import Meeting
from projects.rules.reminders import SOON


class Kind(IntEnum):
    """What is asked, in the order in which it is done when nothing is late."""

    RETURNED = 1
    SENT_BACK = 2
    WITH_LEAD = 3
    DUE = 4
    DRAFT = 5
    TYPED = 6
    ASSIGNMENT = 7
    INDICATOR = 8


VERBS: dict[Kind, Any] = {
    Kind.RETURNED: gettext_lazy("Correct the update"),
    Kind.SENT_BACK: gettext_lazy("Answer again"),
    Kind.WITH_LEAD: gettext_lazy("Read and pass on"),
    Kind.DUE: gettext_lazy("Write the report"),
    Kind.DRAFT: gettext_lazy("Finish the update"),
    Kind.TYPED: gettext_lazy("Go on writing"),
    Kind.ASSIGNMENT: gettext_lazy("Answer the assignment"),
    Kind.INDICATOR: gettext_lazy("Fill in the numbers"),
}


@dataclass(frozen=True)
class Row:
    """One thing that is asked; `step` is the address of the next step, `page` where it is read."""

    kind: Kind
    what: Any
    where: Any
    page: str
    step: str
    state: Any
    due_on: date | None = None
    since: datetime | None = None
    why: str = ""
    demo: bool = False
    days_late: int = 0
    days_left: int | None = None
    typed_at: datetime | None = None

    @property
    def verb(self) -> Any:
        """What the button of the next step says."""
        return VERBS[self.kind]

    @property
    def place(self) -> str:
        """The project or meeting that it belongs to, in words."""
        return self.where.full_name if isinstance(self.where, Meeting) else f"{self.where.code} {self.where}"

    @property
    def pressing(self) -> bool:
        """Whether its button stands out: it is late, due within a week, or somebody waits for it."""
        soon = self.days_left is not None and self.days_left <= SOON
        return soon or self.kind <= Kind.DUE


FAR = date.max


def urgency(row: Row, today: date) -> tuple[Any, ...]:
    """The place of a row: the latest first; then what is due within a week; then what OPDC sent back, by its date.

    After that comes what waits for a lead, then the rest by due date.
    What has no date comes last: drafts and typed texts, the oldest first, then assignments, then numbers.
    """
    late = (today - row.due_on).days if row.due_on and row.due_on < today else 0
    since = row.since.timestamp() if row.since else 0.0
    if late:
        return (0, -late, row.kind, since)
    if row.due_on and (row.due_on - today).days <= SOON:
        return (0, 1, row.due_on.toordinal(), row.kind, since)
    if row.kind <= Kind.WITH_LEAD:
        # A report that was returned and an assignment that was sent back stand by their dates, one after another.
        first = Kind.RETURNED if row.kind == Kind.SENT_BACK else row.kind
        return (first, (row.due_on or FAR).toordinal(), first, since)
    if row.due_on:
        return (Kind.DUE, row.due_on.toordinal(), row.kind, since)
    # A typed text is a draft that was not kept yet.
    return (Kind.DRAFT if row.kind == Kind.TYPED else row.kind, 0, 0, since)
