"""Assignments: what a meeting asks of agencies, and what they answer."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of, is_desk
from agencies.models import Agency
from govlab.fields import random_id
from govlab.thai import pick
from projects.models.base import Part, PublishState
from projects.models.meetings import Meeting, MeetingPart, MeetingPartQuerySet, Resolution


class AssignmentState(models.TextChoices):
    """How far the answer to an assignment is."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class AssignmentQuerySet(MeetingPartQuerySet):
    """Questions asked about assignments."""

    def visible_to(self, person: Any) -> Self:
        """Whoever sees the meeting; and the agencies that are asked, once the meeting is no longer a draft."""
        if is_desk(person):
            return self
        asked = Q(agency__in=agencies_of(person)) | Q(
            pk__in=self.model.partners.through.objects.filter(agency__in=agencies_of(person)).values("assignment")
        )
        return self.filter(Q(meeting__state=PublishState.PUBLISHED) | (Q(meeting__state=PublishState.HIDDEN) & asked))

    def asked_of(self, person: Any) -> Self:
        """Those that one of the person's agencies is asked to do, alone or with others."""
        agencies = agencies_of(person)
        partners = self.model.partners.through.objects.filter(agency__in=agencies).values("assignment")
        return self.filter(Q(agency__in=agencies) | Q(pk__in=partners)).exclude(meeting__state=PublishState.DRAFT)

    def unfinished(self) -> Self:
        """Those that staff have not closed."""
        return self.exclude(state=AssignmentState.CLOSED)

    def late(self, on: date) -> Self:
        """Those that were due before this day and that staff have not closed."""
        return self.unfinished().filter(due_on__lt=on)


class Assignment(MeetingPart):
    """What a resolution (or the meeting as a whole) asks of an agency; only staff close it."""

    _history_m2m_fields = ["partners"]

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
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.OPEN, editable=False)
    closing_note = models.TextField(_("closing note"), max_length=5000, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return pick(self, "text")

    def days_late(self, on: date) -> int:
        """By how many days it is overdue on this day; 0 when it is not, when no date is set, or when it is closed."""
        if self.due_on is None or self.state == AssignmentState.CLOSED:
            return 0
        return max((on - self.due_on).days, 0)

    def clean(self) -> None:
        """Work is due after the meeting that asks for it."""
        super().clean()
        if self.due_on and self.meeting_id and self.due_on < self.meeting.starts_on:
            raise ValidationError({"due_on": _("The due date lies before the meeting. Check the year.")})


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Questions asked about answers."""

    def visible_to(self, person: Any) -> Self:
        """The agency that gave it, and staff."""
        return self if is_desk(person) else self.filter(agency__in=agencies_of(person))


class Answer(Part):
    """What an agency says it did about an assignment."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="answers")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="answers")
    author = models.ForeignKey("agencies.User", models.PROTECT, related_name="answers")
    text = models.TextField(_("what was done about it"), max_length=5000)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.text
