"""The ledger: what meetings ask of agencies, what these answer, and the later meetings to which it comes back."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of, is_desk
from agencies.models import Agency
from govlab.fields import random_id
from govlab.thai import pick
from projects.models.base import Part, PublishState
from projects.models.files import StoredFile
from projects.models.items import AgendaItem, Resolution, Shown
from projects.models.meetings import AFTER, Meeting, MeetingPart
from projects.models.projects import Project


class AssignmentState(models.TextChoices):
    """Where an assignment is on its way; the steps between are in `rules.assignments`."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    MORE_TIME = "more_time", _("More time asked for")
    CONTESTED = "contested", _("Contested")
    ACCEPTED = "accepted", _("Done, to be closed")
    CLOSED = "closed", _("Closed")


NOT_DONE = tuple(state for state in AssignmentState if state not in (AssignmentState.ACCEPTED, AssignmentState.CLOSED))
"""States in which the work itself may be late."""
WITH_DESK = (AssignmentState.ANSWERED, AssignmentState.MORE_TIME, AssignmentState.CONTESTED)
"""States in which staff have the next step."""


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions asked about assignments."""

    def given(self) -> Self:
        """Those of meetings that were held; before that nothing is asked of anybody."""
        return self.filter(meeting__phase__in=AFTER)

    def visible_to(self, person: Any) -> Self:
        """Staff all; the agencies asked, once it is given; everybody, what a published meeting shows."""
        if is_desk(person):
            return self
        shown = Q(resolution=None) | Q(resolution__item__shown__gte=Shown.RESOLUTIONS)
        return self.given().filter((Q(meeting__state=PublishState.PUBLISHED) & shown) | self._asks(person))

    def asked_of(self, person: Any) -> Self:
        """Those that one of the person's agencies is asked to do, alone or with others."""
        return self.given().filter(self._asks(person))

    def _asks(self, person: Any) -> Q:
        agencies = agencies_of(person)
        partners = self.model.partners.through.objects.filter(agency__in=agencies).values("assignment")
        return Q(agency__in=agencies) | Q(pk__in=partners)

    def unfinished(self) -> Self:
        """Those that staff have not closed."""
        return self.exclude(state=AssignmentState.CLOSED)

    def waiting(self) -> Self:
        """Those in which staff have the next step, the longest waiting first.

        `waiting_since` is the moment of the first word of an agency about which nobody has decided.
        """
        steps = self.model.history.filter(id=OuterRef("pk"))
        before = steps.exclude(state__in=WITH_DESK).order_by("-history_id").values("history_id")[:1]
        first = steps.filter(history_id__gt=OuterRef("before")).order_by("history_id").values("history_date")[:1]
        rows = self.filter(state__in=WITH_DESK).annotate(before=Subquery(before))
        return rows.annotate(waiting_since=Subquery(first)).order_by("waiting_since", "pk")

    def late(self, on: date) -> Self:
        """Those that were due before this day and are not done."""
        return self.filter(state__in=NOT_DONE, due_on__lt=on)


class Assignment(MeetingPart):
    """What a resolution (or the meeting as a whole) asks of an agency; only staff close it."""

    _history_m2m_fields = ["partners", "projects"]

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="assignments")
    resolution = models.ForeignKey(
        Resolution, models.CASCADE, verbose_name=_("resolution"), null=True, blank=True, related_name="assignments"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency asked"), related_name="assignments")
    partners = models.ManyToManyField(
        Agency, verbose_name=_("together with"), blank=True, related_name="shared_assignments"
    )
    text_th = models.TextField(_("what is asked, in Thai"), max_length=5000)
    text_en = models.TextField(_("what is asked, in English"), max_length=5000, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    responsible = models.CharField(_("person responsible"), max_length=300, blank=True)
    """Shown to staff and the agencies asked."""
    projects = models.ManyToManyField(
        Project, verbose_name=_("projects it concerns"), blank=True, related_name="assignments"
    )
    # where it is on its way: written by `rules.assignments` and `rules.decisions` alone
    state = models.CharField(
        _("state"), max_length=10, choices=AssignmentState, default=AssignmentState.OPEN, editable=False, db_index=True
    )
    given_on = models.DateField(null=True, blank=True, editable=False)
    """The day on which the agency was first told; the time to contest it counts from here."""
    percent = models.PositiveSmallIntegerField(_("done, in percent"), null=True, blank=True, editable=False)
    word = models.TextField(_("word of the staff"), max_length=5000, blank=True, editable=False)
    """What staff said with their last step."""
    closing_note = models.TextField(_("closing note"), max_length=5000, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_in = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="closed_assignments", editable=False
    )
    """The meeting that closed it, where one did."""

    objects = AssignmentQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return pick(self, "text")

    def found_along(self) -> list[Any]:
        """The resolution that asks it, and those it stood under before: each is found by what it asks."""
        model: Any = type(self)
        under = model.history.filter(id=self.pk).exclude(resolution=None).values("resolution")
        return list(Resolution.objects.filter(pk__in=under).select_related("meeting", "item"))

    def days_late(self, on: date) -> int:
        """By how many days it is overdue on this day; 0 when it is not, when no date is set, or when it is done."""
        if self.due_on is None or self.state not in NOT_DONE:
            return 0
        return max((on - self.due_on).days, 0)

    def clean(self) -> None:
        """Work is due after the meeting that asks for it, and after it begins."""
        super().clean()
        if self.due_on and self.meeting_id and self.due_on < self.meeting.starts_on:
            raise ValidationError({"due_on": _("The due date lies before the meeting. Check the year.")})
        if self.due_on and self.starts_on and self.due_on < self.starts_on:
            raise ValidationError({"due_on": _("The due date lies before the first day. Check both dates.")})


class AnswerKind(models.TextChoices):
    """What an agency says about an assignment."""

    ANSWER = "answer", _("Answer")
    MORE_TIME = "more_time", _("Request for more time")
    CONTEST = "contest", _("Objection")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Questions asked about answers."""

    def visible_to(self, person: Any) -> Self:
        """The agency that gave it, and staff."""
        return self if is_desk(person) else self.filter(agency__in=agencies_of(person))


class Answer(Part):
    """What an agency says about an assignment: what it did, why it needs more time, or why this is not its work."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="answers")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="answers")
    author = models.ForeignKey("agencies.User", models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10, choices=AnswerKind, default=AnswerKind.ANSWER, editable=False)
    text = models.TextField(_("what was done about it"), max_length=5000)
    percent = models.PositiveSmallIntegerField(
        _("done, in percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    done_on = models.DateField(_("completed on"), null=True, blank=True)
    wanted_on = models.DateField(_("new due date asked for"), null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.text

    @property
    def complete(self) -> bool:
        """Whether the agency says that it is all done."""
        return self.kind == AnswerKind.ANSWER and (self.percent == 100 or self.done_on is not None)


class AnswerFileQuerySet(models.QuerySet["AnswerFile"]):
    """Questions asked about the files of answers."""

    def visible_to(self, person: Any) -> Self:
        """Whoever sees the answer."""
        return self.filter(answer__in=Answer.objects.visible_to(person))


class AnswerFile(StoredFile):
    """Evidence attached to an answer."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="files")

    objects = AnswerFileQuerySet.as_manager()

    class Meta(StoredFile.Meta):
        verbose_name = _("evidence of an answer")
        verbose_name_plural = _("evidence of answers")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Questions asked about follow-ups."""

    def visible_to(self, person: Any) -> Self:
        """Staff all; everybody else those of items that show resolutions, about assignments that they see."""
        if is_desk(person):
            return self
        shown = self.filter(
            meeting__state=PublishState.PUBLISHED, meeting__phase__in=AFTER, item__shown__gte=Shown.RESOLUTIONS
        )
        return shown.filter(assignment__in=Assignment.objects.visible_to(person))


class FollowUp(MeetingPart):
    """An assignment of an earlier meeting that a later one finds under its matters arising, and what it said."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="follow_ups")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="follow_ups")
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="follow_ups")
    note = models.TextField(_("what the meeting said about it"), max_length=5000, blank=True)
    was = models.CharField(max_length=10, choices=AssignmentState, blank=True, editable=False)
    """Its state when the meeting was held; empty before."""
    was_due_on = models.DateField(null=True, blank=True, editable=False)
    was_percent = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [models.UniqueConstraint(fields=["meeting", "assignment"], name="one_follow_up_per_meeting")]

    def __str__(self) -> str:
        return str(self.assignment)
