"""What visitors propose for the library of innovations; and by what those who wrote want to be reached."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import is_desk
from govlab.fields import random_id
from govlab.records import Record
from projects.models.calls import Voice, team_projects
from projects.models.innovations import Innovation


class ProposalState(models.TextChoices):
    """What staff made of a proposed innovation."""

    WAITING = "waiting", _("Waiting to be looked at")
    LISTED = "listed", _("Taken into the library")
    DECLINED = "declined", _("Not taken")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions asked about proposals."""

    def visible_to(self, person: Any) -> Self:
        """Staff all; nobody else any."""
        return self if is_desk(person) else self.none()

    def waiting(self) -> Self:
        """Those that nobody has looked at, the longest waiting first."""
        return self.filter(state=ProposalState.WAITING).order_by("created_at", "pk")


class Proposal(Record):
    """An innovation that a visitor proposes for the library; `innovation` is what staff made of it."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    title = models.CharField(_("name of the innovation"), max_length=300)
    about = models.TextField(_("what it is and what it solved"), max_length=5000)
    carries_over = models.TextField(_("what others can take over"), max_length=2000, blank=True)
    agency = models.CharField(_("who did it"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    url = models.URLField(_("where one can read more"), max_length=500, blank=True)
    language = models.CharField(max_length=2, default="th", editable=False)
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.WAITING, db_index=True)
    reason = models.CharField(_("why it is not taken"), max_length=500, blank=True, editable=False)
    innovation = models.OneToOneField(
        Innovation, models.SET_NULL, null=True, blank=True, related_name="proposal", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = _("proposed innovation")
        verbose_name_plural = _("proposed innovations")

    def __str__(self) -> str:
        return self.title


class ContactQuerySet(models.QuerySet["Contact"]):
    """Questions asked about contacts."""

    def visible_to(self, person: Any) -> Self:
        """Of a voice: the project's team and staff; of a proposal: staff."""
        return self if is_desk(person) else self.filter(voice__call__project__in=team_projects(person))


class Contact(models.Model):
    """By what a visitor wants to be reached; no history keeps it, and it is deleted when the matter is over."""

    voice = models.OneToOneField(Voice, models.CASCADE, null=True, blank=True, related_name="contact")
    proposal = models.OneToOneField(Proposal, models.CASCADE, null=True, blank=True, related_name="contact")
    address = models.CharField(_("how we can reach you"), max_length=200)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.address
