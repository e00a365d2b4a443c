"""The kinds of records whose history staff read: how each is called in a list, and which of its rows staff may see."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.http import Http404
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of
from agencies.models import Agency, ApiToken, Membership, Source, User
from govlab.templatetags.thai import year
from govlab.thai import format_date, known_language
from projects import models as projects
from projects.models import ProgressUpdate, UpdateState
from projects.models.updates import INSIDE_AGENCY

SENT = tuple(state for state in UpdateState if state not in INSIDE_AGENCY)


def _beyond_draft(rows: QuerySet[Any], person: Any) -> QuerySet[Any]:
    """What an agency wrote before it sent the update, and what a lead gave back, is its own."""
    inside = Q(state__in=INSIDE_AGENCY) | Q(history_change_reason="hand_back")
    return rows.filter(~inside | Q(agency__in=agencies_of(person)))


def _by_somebody(rows: QuerySet[Any], person: Any) -> QuerySet[Any]:
    """Signing in notes the time with the person; that changed nothing anybody could read."""
    return rows.exclude(history_type="~", history_change_reason=None)


def _with_update(rows: QuerySet[Any], person: Any) -> QuerySet[Any]:
    """What came with an update is seen by whoever sees the update, but what came while it was not sent is its own."""
    until = ProgressUpdate.history.filter(id=OuterRef("update_id"), history_date__lte=OuterRef("history_date"))
    then = Subquery(until.order_by("-history_date", "-history_id").values("state")[:1])
    own = Q(update__agency__in=agencies_of(person))
    return (
        rows.annotate(update_then=then)
        .filter(own | Q(update_then__in=SENT))
        .filter(update__in=ProgressUpdate.objects.visible_to(person))
    )


def _said(rows: QuerySet[Any], person: Any) -> QuerySet[Any]:
    """What an agency said among itself is its own, whatever became of the update since."""
    return _with_update(rows, person).filter(
        Q(update__agency__in=agencies_of(person)) | Q(inside=False) | Q(by_desk=True)
    )


def _of_year(name: str) -> str:
    """A name that begins with a Buddhist year: that year in the era of the language."""
    first, dot, rest = name.partition(" · ")
    return f"{year(int(first))}{dot}{_of_day(rest)}"


def _of_day(name: str) -> str:
    """A name that may end with a day: that day in the era of the language."""
    rest, dot, last = name.rpartition(" · ")
    with suppress(ValueError):
        last = format_date(date.fromisoformat(last))
    return f"{rest}{dot}{last}"


@dataclass(frozen=True)
class Kind:
    """One kind: its model, the columns that name a record (`*` stands for the language), which rows may be seen."""

    model: Any
    named_by: tuple[str, ...]
    seen: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    at: tuple[str, str] | None = None
    """The desk's page about such a record: URL name, and the attribute that stands in the address."""
    unshown: frozenset[str] = frozenset({"password", "digest", "sha256"})
    read: Callable[[str], str] = str
    """The name that the database put together as people read it."""

    @property
    def label(self) -> str:
        """What such a record is called."""
        return capfirst(str(self.model._meta.verbose_name))

    def entries(self, person: Any) -> QuerySet[Any]:
        """The history rows that this person may see, newest first."""
        rows = self.model.history.model.objects.order_by("-history_date", "-history_id")
        return self.seen(rows, person) if self.seen else rows

    def of(self, pk: str, person: Any) -> QuerySet[Any]:
        """One record's rows; raises Http404 for what can be no key."""
        try:
            key = self.model._meta.pk.to_python(pk)
        except ValidationError as error:
            raise Http404 from error
        return self.entries(person).filter(id=key)

    def shows(self, record: Any, person: Any) -> bool:
        """Whether the person may see the record as it stands, besides those of its rows that they may see."""
        if self.seen is None or not hasattr(self.model.objects, "visible_to"):
            return True
        return bool(self.model.objects.visible_to(person).filter(pk=record.pk).exists())

    def name(self) -> Any:
        """The database's expression for what a row is called, in the active language where there is one."""
        own, other = ("en", "th") if known_language() == "en" else ("th", "en")

        def text(column: str) -> Any:
            return Cast(F(column), CharField())

        parts: list[Any] = []
        for column in self.named_by:
            bilingual = Coalesce(NullIf(text(column.replace("*", own)), Value("")), text(column.replace("*", other)))
            parts += [Value(" · "), bilingual if "*" in column else text(column)]
        return Concat(Value(""), *parts[1:], output_field=CharField())

    def shown(self, name: str) -> str:
        """The name for a list: years and days in the era of the language, no empty parts, long texts cut."""
        parts = [part for part in self.read(name).split(" · ") if part.strip(" ·-")]
        return Truncator(" · ".join(parts).strip(" ·")).chars(120)

    def page(self, record: Any) -> str:
        """The address of the desk's page about the record; "" when there is none."""
        if not self.at:
            return ""
        name, attribute = self.at
        return reverse(name, args=[attrgetter(attribute)(record)])


KINDS: dict[str, Kind] = {
    "project": Kind(projects.Project, ("code", "title_*"), at=("desk:project-detail", "code")),
    "stage": Kind(projects.Stage, ("project__code", "number")),
    "part": Kind(projects.ProjectAgency, ("project__code", "agency__name_*")),
    "indicator": Kind(projects.Indicator, ("project__code", "name_*")),
    # Why a lead handed it back is the agency's own.
    "update": Kind(
        ProgressUpdate,
        ("project__code", "title"),
        _beyond_draft,
        ("desk:update-detail", "pk"),
        unshown=frozenset({"lead_reason"}),
    ),
    "reading": Kind(projects.Reading, ("indicator__name_*",), _with_update),
    "evidence": Kind(projects.Evidence, ("name",), _with_update),
    "comment": Kind(projects.Comment, ("update__project__code", "text"), _said),
    "link": Kind(projects.ReportLink, ("update__project__code", "name"), _with_update),
    "cohort": Kind(projects.Cohort, ("year",), at=("desk:cohort-edit", "year"), read=_of_year),
    "schedule": Kind(projects.Schedule, ("cohort__year",), at=("desk:schedule-detail", "cohort.year"), read=_of_year),
    "named-date": Kind(projects.ScheduleDate, ("schedule__cohort__year", "ends_on"), read=_of_year),
    "exception": Kind(projects.ScheduleException, ("project__code", "reason")),
    "round": Kind(
        projects.Round, ("schedule__cohort__year", "period_end"), at=("desk:round-detail", "pk"), read=_of_year
    ),
    # That a report was begun may be known; the draft's headline is its agency's own.
    "due-report": Kind(
        projects.DueReport,
        ("project__code", "round__period_end"),
        at=("desk:round-detail", "round_id"),
        unshown=frozenset({"update"}),
        read=_of_day,
    ),
    "meeting": Kind(projects.Meeting, ("title_*", "key"), at=("desk:meeting-detail", "key")),
    "agenda-item": Kind(projects.AgendaItem, ("meeting__key", "number", "title_*")),
    "resolution": Kind(projects.Resolution, ("meeting__key", "number", "text_*")),
    "assignment": Kind(projects.Assignment, ("agency__name_*", "text_*"), at=("desk:assignment-detail", "pk")),
    "answer": Kind(projects.Answer, ("agency__name_*", "text")),
    "answer-file": Kind(projects.AnswerFile, ("name",)),
    "follow-up": Kind(projects.FollowUp, ("meeting__key", "assignment__text_*")),
    "paper": Kind(projects.Paper, ("item__meeting__key", "name")),
    "meeting-person": Kind(projects.MeetingPerson, ("meeting__key", "name_*")),
    "session": Kind(projects.MeetingSession, ("meeting__key", "title_*")),
    "point": Kind(projects.MeetingPoint, ("meeting__key", "text_*")),
    "import": Kind(projects.Import, ("name",), at=("desk:import-detail", "pk")),
    "innovation": Kind(projects.Innovation, ("title_*",), at=("desk:innovation-detail", "pk")),
    "proposal": Kind(projects.Proposal, ("title",), at=("desk:proposal-detail", "pk")),
    "call": Kind(projects.Call, ("project__code", "question_*"), at=("desk:call-detail", "pk")),
    # How to reach who wrote it stands in no history.
    "voice": Kind(projects.Voice, ("call__project__code", "text"), at=("desk:call-detail", "call_id")),
    "theme": Kind(projects.Theme, ("call__project__code", "title_*"), at=("desk:call-detail", "call_id")),
    # Who gave it stands in no history.
    "rating": Kind(projects.Rating, ("project__code", "stars", "comment")),
    "agency": Kind(Agency, ("name_*",), at=("desk:agency-detail", "key")),
    "person": Kind(User, ("name",), _by_somebody, at=("desk:person-edit", "pk")),
    "membership": Kind(Membership, ("user__name", "agency__name_*")),
    "token": Kind(ApiToken, ("user__name", "name")),
    "synonyms": Kind(projects.Synonyms, ("words",), at=("desk:synonyms-edit", "pk")),
    "field": Kind(projects.ServiceField, ("name_*",)),
    "lab": Kind(projects.Lab, ("name_*",)),
    "facet": Kind(projects.Facet, ("name_*",)),
    "type": Kind(projects.InnovationType, ("name_*",)),
    "principle": Kind(projects.Principle, ("name_*",)),
    "series": Kind(
        projects.MeetingSeries,
        ("name_*",),
        at=("desk:series-detail", "key"),
        unshown=frozenset({"feed_key"}),
    ),
    "member": Kind(projects.SeriesMember, ("series__name_*", "name_*"), at=("desk:series-detail", "series.key")),
    "standing-item": Kind(projects.StandingItem, ("series__name_*", "title_*")),
    "source": Kind(Source, ("title_*",)),
    # What its secret follows from.
    "webhook": Kind(
        projects.Webhook, ("name",), at=("desk:webhook-detail", "pk"), unshown=frozenset({"seed", "active_since"})
    ),
}


UNNAMED = {
    "adopted_in": _("Minutes adopted by the meeting"),
    "closed_in": _("Closed by the meeting"),
    "given_on": _("Told on"),
    "held_at": _("Noted as held on"),
    "was": _("State when the meeting was held"),
    "was_due_on": _("Due date when the meeting was held"),
    "was_percent": _("Percent when the meeting was held"),
    "approvers": _("Who may approve it"),
    "author": _("Author"),
    "closed_at": _("Closed on"),
    "decided_at": _("Decided on"),
    "decided_by": _("Decided by"),
    "filled_by": _("Filled in by a link by"),
    "hint": _("Begins with"),
    "last_used_at": _("Last used"),
    "lead_reason": _("Reason of the lead"),
    "made_by": _("Made by"),
    "opened_at": _("Opened on"),
    "opened_by": _("Opened by"),
    "return_notes": _("Notes on fields"),
    "return_reason": _("Reason for returning"),
    "reviewed_at": _("Reviewed on"),
    "reviewed_by": _("Reviewed by"),
    "revoked_at": _("Revoked on"),
    "state": _("State"),
    "submitted_at": _("Sent on"),
    "submitted_by": _("Sent by"),
    "waiting_since": _("Waiting since"),
}
"""Columns that no form asks and that therefore have no name for people where they are defined."""


def label_of(field: Any) -> str:
    """A column's name for people."""
    own = field._verbose_name
    if own is None and field.name in UNNAMED:
        return str(UNNAMED[field.name])
    if own is None and field.is_relation:
        own = field.related_model._meta.verbose_name
    return capfirst(str(own or field.verbose_name))


def kind_choices() -> list[tuple[str, str]]:
    """Every kind, for a select."""
    return [(key, kind.label) for key, kind in KINDS.items()]
