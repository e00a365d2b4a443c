"""A link that lets a named colleague without an account fill in one report."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of
from govlab.records import Record
from projects.models.updates import ProgressUpdate


class ReportLinkQuerySet(models.QuerySet["ReportLink"]):
    """Questions asked about report links."""

    def visible_to(self, person: Any) -> Self:
        """The people of the agency whose report it is; not even staff need it."""
        return self.filter(update__agency__in=agencies_of(person))

    def valid(self, on: date) -> Self:
        """Those that open the report on this day; whoever made one must still be there to answer for it."""
        made = self.filter(revoked_at=None, ends_on__gte=on, made_by__is_active=True)
        return made.filter(made_by__memberships__agency=F("update__agency"))


class ReportLink(Record):
    """A key to one update's form, for one named person, until a date; it never sends the report by itself."""

    update = models.ForeignKey(ProgressUpdate, models.CASCADE, related_name="links")
    name = models.CharField(_("who will fill it in"), max_length=150)
    ends_on = models.DateField(_("valid until"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReportLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("link to a report")
        verbose_name_plural = _("links to a report")

    def __str__(self) -> str:
        return self.name
