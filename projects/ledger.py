"""What became of assignments, as one list each, from the history: for staff and for the agencies that are asked.

    happened = course([assignment], person)[assignment.pk]      newest first
    course(assignments, person, since=last.held_at)             what happened after that meeting, for any number of them

Staff are not named to agencies, agencies asked together do not read each other's answers, and an agency sees nothing
from before it was asked. Whoever is asked nothing gets nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, is_desk
from agencies.models import Agency
from govlab.thai import format_date
from projects.models import Answer, AnswerKind, Assignment, AssignmentState, Meeting

STAFF = gettext_lazy("OPDC staff")
ANSWERS = {AnswerKind.ANSWER: "answer", AnswerKind.MORE_TIME: "ask_time", AnswerKind.CONTEST: "contest"}
"""The verb behind each kind of answer."""
STEPS = {
    "add": gettext_lazy("Written down for %(agency)s"),
    "give": gettext_lazy("Asked of %(agency)s"),
    "edit": gettext_lazy("Changed: %(fields)s"),
    "accept": gettext_lazy("Answer accepted; the work goes on"),
    "send_back": gettext_lazy("Asked again"),
    "extend": gettext_lazy("Given more time, until %(day)s"),
    "reassign": gettext_lazy("Reassigned to %(agency)s"),
    "close": gettext_lazy("Closed"),
    "reopen": gettext_lazy("Opened again"),
}
"""What staff do that a course tells of; what an agency says is told by its answer."""
STEPS_AT = {
    ("accept", AssignmentState.ACCEPTED): gettext_lazy("Answer accepted; it is done and waits to be closed"),
    ("send_back", AssignmentState.MORE_TIME): gettext_lazy("No more time given"),
    ("send_back", AssignmentState.CONTESTED): gettext_lazy("The objection does not hold"),
    ("close", "meeting"): gettext_lazy("Closed by %(meeting)s"),
}
"""The same said more exactly, where the state before or after is this one, or a meeting did it."""
WRITTEN = ("text_th", "text_en", "starts_on", "due_on", "responsible")
"""The columns of an assignment that staff change by hand."""


@dataclass(frozen=True)
class Happened:
    """One thing that happened to an assignment: a decision of staff, or what an agency said (then with `answer`).

    `changed` holds what staff changed by hand: its label, what stood there before and what stands there after.
    """

    when: datetime
    verb: str
    words: str
    who: str
    text: str = ""
    answer: Answer | None = None
    changed: tuple[tuple[str, str, str], ...] = ()


def course(
    assignments: Iterable[Assignment], person: Any, *, since: datetime | None = None, until: datetime | None = None
) -> dict[int, list[Happened]]:
    """What happened to each assignment that this person may read, newest first, by the assignment's number.

    `since` leaves out what happened up to that moment, `until` what happened after that one. Every assignment has an
    entry, an empty one where nothing is for this person. Seven queries at most, however many assignments.
    """
    found: dict[int, list[Happened]] = {row.pk: [] for row in assignments}
    own = None if is_desk(person) else {*agencies_of(person).values_list("pk", flat=True)}
    if own is None:
        read = [*found]
    else:
        read = list(Assignment.objects.asked_of(person).filter(pk__in=found).values_list("pk", flat=True))
    if not read:
        return found
    for pk, happened in [*_Steps(read, own).told(), *_answers(read, person)]:
        if (since is None or happened.when > since) and (until is None or happened.when <= until):
            found[pk].append(happened)
    return {pk: sorted(rows, key=lambda row: row.when)[::-1] for pk, rows in found.items()}


def answers_of(person: Any) -> QuerySet[Answer]:
    """The answers that this person may read, each with the moment that its history names as `said_at`."""
    said = Answer.history.filter(id=OuterRef("pk"), history_type="+").values("history_date")[:1]
    rows: QuerySet[Answer] = Answer.objects.visible_to(person).annotate(said_at=Subquery(said))
    return rows.select_related("agency", "author").prefetch_related("files").order_by("created_at", "pk")


def _answers(read: list[int], person: Any) -> Iterator[tuple[int, Happened]]:
    for row in answers_of(person).filter(assignment__in=read):
        when: datetime = getattr(row, "said_at", None) or row.created_at
        verb = ANSWERS[AnswerKind(row.kind)]
        yield row.assignment_id, Happened(when, verb, _answer_words(row), row.agency.short, row.text, row)


def _answer_words(row: Answer) -> str:
    if row.kind == AnswerKind.MORE_TIME:
        return _("Asked for more time, until %(day)s") % {"day": _day(row.wanted_on)}
    if row.kind == AnswerKind.CONTEST:
        return _("Contested")
    if row.done_on:
        return _("Answered: completed on %(day)s") % {"day": _day(row.done_on)}
    if row.percent is not None:
        return _("Answered: %(percent)s percent done") % {"percent": row.percent}
    return _("Answered")


def _day(value: date | None) -> str:
    return format_date(value) if value else "–"


class _Steps:
    """What staff did to assignments; `own` are the agencies of the person who reads it, None for staff."""

    def __init__(self, read: list[int], own: set[int] | None) -> None:
        self.own = own
        rows = list(
            Assignment.history.filter(id__in=read)
            .select_related("history_user", "agency")
            .order_by("id", "history_date", "history_id")
        )
        self.by_assignment: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            self.by_assignment[row.id].append(row)
        self.partners = self.kept_in("partners", "agency", read)
        self.projects = self.kept_in("projects", "project", read) if own is None else {}
        seen = Meeting.objects.visible_to(None) if own is not None else Meeting.objects.all()
        self.meetings = seen.in_bulk({row.closed_in_id for row in rows if row.closed_in_id})

    def kept_in(self, field: str, target: str, read: list[int]) -> dict[int, list[Any]]:
        """The records that stood in a many-to-many field, by the row of history."""
        through = getattr(Assignment.history.model, f"historicalassignment_{field}_set").rel.related_model
        found: dict[int, list[Any]] = defaultdict(list)
        rows = through.objects.filter(assignment_id__in=read).select_related(target).order_by(f"{target}_id")
        for row in rows:
            if record := getattr(row, target):
                found[row.history_id].append(record)
        return found

    def told(self) -> Iterator[tuple[int, Happened]]:
        """Each step with its assignment's number."""
        for pk, rows in self.by_assignment.items():
            given = any(row.history_change_reason == "give" for row in rows)
            known = not given  # what came in with the facts was never given: all of it is known
            for number, row in enumerate(rows):
                verb = row.history_change_reason
                known = known or verb == "give"
                if verb not in STEPS or (self.own is not None and not (known and self.asks(row))):
                    continue
                if verb == "add" and any(_at_once(row, later) for later in rows[number + 1 : number + 2]):
                    continue
                if happened := self.step(rows[number - 1] if number else None, row):
                    yield pk, happened

    def asks(self, row: Any) -> bool:
        """Whether one of the reader's agencies was asked then."""
        return not {row.agency_id, *(agency.pk for agency in self.partners[row.history_id])}.isdisjoint(self.own or ())

    def step(self, before: Any, row: Any) -> Happened | None:
        """One step in words; None for a writing that changed nothing people read."""
        verb = row.history_change_reason
        changed = self.changed(before, row) if verb == "edit" and before else ()
        if verb == "edit" and not changed:
            return None
        who = (row.history_user or _("The system")) if self.own is None else STAFF
        text = row.closing_note if verb == "close" else "" if verb in ("add", "give", "edit", "reopen") else row.word
        return Happened(row.history_date, verb, self.words(before, row, changed), str(who), text, changed=changed)

    def words(self, before: Any, row: Any, changed: tuple[tuple[str, str, str], ...]) -> str:
        """What was done, as a sentence."""
        verb, meeting = row.history_change_reason, self.meetings.get(row.closed_in_id)
        states = [row.state, before.state if before else "", "meeting" if meeting else ""]
        sentence = next((STEPS_AT[verb, state] for state in states if (verb, state) in STEPS_AT), None)
        fields = ", ".join(name for name, _old, _new in changed)
        said = {"agency": self.asked(row), "fields": fields, "day": _day(row.due_on), "meeting": meeting}
        return str(sentence or STEPS[verb]) % said

    def asked(self, row: Any) -> str:
        """The agency that was asked, and those asked together with it."""
        names = [row.agency.short if row.agency else "–", *(agency.short for agency in self.partners[row.history_id])]
        return ", ".join(names)

    def changed(self, before: Any, row: Any) -> tuple[tuple[str, str, str], ...]:
        """What staff changed by hand."""
        pairs: list[tuple[str, Any, Any]] = [(name, getattr(before, name), getattr(row, name)) for name in WRITTEN]
        pairs.insert(0, ("agency", before.agency, row.agency))
        several = {"partners": self.partners, "projects": self.projects if self.own is None else {}}
        pairs += [
            (name, kept.get(before.history_id, []), kept.get(row.history_id, [])) for name, kept in several.items()
        ]
        return tuple((_label(name), _text(old), _text(new)) for name, old, new in pairs if old != new)


def _at_once(row: Any, later: Any) -> bool:
    """Whether it was given on the day on which it was written down, which is told once."""
    return later.history_change_reason == "give" and later.history_date.date() == row.history_date.date()


def _label(name: str) -> str:
    field: Any = Assignment._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def _text(value: Any) -> str:
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, Agency):
        return value.short
    return ", ".join(_text(each) for each in value) if isinstance(value, list) else str(value or "")
