"""An update: what an agency says happened in a stage, with its evidence."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of, is_desk
from agencies.models import Agency
from govlab.fields import random_id
from govlab.records import Record
from projects.models.base import PublishState
from projects.models.files import StoredFile
from projects.models.projects import Project
from projects.models.stages import StageNumber, StageState


class UpdateState(models.TextChoices):
    """Where an update is on its way; the steps between are in `rules.steps`."""

    DRAFT = "draft", _("Draft")
    WITH_LEAD = "with_lead", _("Waiting for the lead")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned for correction")
    APPROVED = "approved", _("Approved")


REPORTED_STATES = [(state.value, state.label) for state in (StageState.IN_PROGRESS, StageState.DONE)]
"""What an update may say about its stage."""


INSIDE_AGENCY = (UpdateState.DRAFT, UpdateState.WITH_LEAD)
"""States in which staff have not been sent the update."""


class UpdateQuerySet(models.QuerySet["ProgressUpdate"]):
    """Questions asked about updates."""

    def public(self) -> Self:
        """What everybody may see: approved, of a published project."""
        return self.filter(state=UpdateState.APPROVED, project__state=PublishState.PUBLISHED)

    def visible_to(self, person: Any) -> Self:
        """Everybody: the public ones; an agency: also all of its own; staff: all that were sent to them."""
        if is_desk(person):
            return self.filter(~Q(state__in=INSIDE_AGENCY) | Q(agency__in=agencies_of(person)))
        public = Q(state=UpdateState.APPROVED, project__state=PublishState.PUBLISHED)
        return self.filter(public | Q(agency__in=agencies_of(person)))

    def waiting(self) -> Self:
        """Those that wait for staff, the longest waiting first."""
        return self.filter(state=UpdateState.SUBMITTED).order_by("waiting_since", "created_at", "pk")


class ProgressUpdate(Record):
    """One report; the public reads `title` and `text` once it is approved, `obstacles` only the agency and staff."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, verbose_name=_("project"), related_name="updates")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency"), related_name="updates")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="updates")
    state = models.CharField(max_length=10, choices=UpdateState, default=UpdateState.DRAFT, db_index=True)
    stage_number = models.PositiveSmallIntegerField(_("stage"), choices=StageNumber, null=True, blank=True)
    stage_state = models.CharField(_("this stage is now"), max_length=12, choices=REPORTED_STATES, blank=True)
    happened_on = models.DateField(_("date"), null=True, blank=True)
    title = models.CharField(_("headline"), max_length=200, blank=True)
    text = models.TextField(_("what was done"), max_length=10_000, blank=True)
    obstacles = models.TextField(_("obstacles, or help needed"), max_length=5_000, blank=True)
    planned = models.TextField(_("what comes next"), max_length=5_000, blank=True)
    return_reason = models.TextField(max_length=5_000, blank=True, editable=False)
    return_notes = models.JSONField(default=dict, blank=True, editable=False)
    """What to correct at single fields when it was returned: the field's name and a sentence."""
    lead_reason = models.TextField(max_length=5_000, blank=True, editable=False)
    """Why a lead handed it back; a word inside the agency, gone once it is sent."""
    waiting_since = models.DateTimeField(null=True, blank=True, editable=False)
    """Since when it waits for whoever has the next step: the lead, or staff."""
    approvers = models.JSONField(default=list, blank=True, editable=False)
    """The numbers of the people who may approve it, fixed when it was sent to staff."""
    filled_by = models.CharField(max_length=150, blank=True, editable=False)
    """The name of a colleague without an account who filled it in last, by a link."""
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    found_as = (6, "update")
    found_with = ("project",)
    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-created_at", "pk"]
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")

    def __str__(self) -> str:
        return self.title or str(_("Update without a headline"))

    def as_found(self) -> dict[str, Any]:
        """What the search knows of it: what the public reads, never the obstacles."""
        found = {"key": str(self.pk), "more": self.project.code, "on": self.happened_on}
        return {**found, "title_th": self.title, "title_en": "", "texts": [self.text]}


class CommentQuerySet(models.QuerySet["Comment"]):
    """Questions asked about comments."""

    def visible_to(self, person: Any) -> Self:
        """The agency and staff, whoever of them sees the update; what one side says among itself only that side."""
        seen = self.filter(update__in=ProgressUpdate.objects.visible_to(person))
        own = Q(update__agency__in=agencies_of(person)) & Q(Q(inside=False) | Q(by_desk=False))
        return seen.filter(own | Q(inside=False) | Q(by_desk=True)) if is_desk(person) else seen.filter(own)


class Comment(Record):
    """A word about an update between the agency and staff, or (`inside`) of one of the two sides among itself."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    update = models.ForeignKey(ProgressUpdate, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    text = models.TextField(_("comment"), max_length=5_000)
    inside = models.BooleanField(_("only OPDC staff see it"), default=False)
    by_desk = models.BooleanField(default=False, editable=False)
    """Whether it was said as one of OPDC's staff; otherwise for the agency."""

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Questions asked about evidence."""

    def visible_to(self, person: Any) -> Self:
        """Whoever sees the update sees its evidence, but the public only what the agency released."""
        seen = self.filter(update__in=ProgressUpdate.objects.visible_to(person))
        if is_desk(person):
            return seen
        return seen.filter(Q(released=True) | Q(update__agency__in=agencies_of(person)))


class Evidence(StoredFile):
    """A file attached to an update."""

    update = models.ForeignKey(ProgressUpdate, models.CASCADE, related_name="evidence")
    released = models.BooleanField(_("show to the public once the update is approved"), default=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta(StoredFile.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
