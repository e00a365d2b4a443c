"""Whoever follows a project, a cohort, an agency or a saved search by e-mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FollowKind(models.TextChoices):
    """What can be followed."""

    ALL = "all", _("Everything")
    COHORT = "cohort", _("A cohort")
    PROJECT = "project", _("A project")
    AGENCY = "agency", _("An agency")
    SEARCH = "search", _("A saved search")


class Follow(models.Model):
    """One address follows one thing: confirmed by a letter, ended by a link; no history keeps the address."""

    email = models.EmailField()
    kind = models.CharField(max_length=8, choices=FollowKind)
    target = models.CharField(max_length=400, blank=True)
    """The project's code, the cohort's year (Buddhist Era), the agency's key, the words and filters of a search."""
    language = models.CharField(max_length=2, default="th")
    token = models.CharField(max_length=64, unique=True)
    """In the links of its letters: confirm, leave."""
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField(null=True, blank=True)
    """What happened up to this moment has been told."""

    class Meta:
        ordering = ["email", "pk"]
        constraints = [models.UniqueConstraint(fields=["email", "kind", "target"], name="followed_once")]
        verbose_name = _("follower")
        verbose_name_plural = _("followers")

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
