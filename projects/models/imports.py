"""Excel and CSV files that staff bring in: what became of each, and row by row what it says."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.base import DeskQuerySet
from projects.models.files import StoredFile
from projects.models.meetings import Meeting


class ImportTable(models.TextChoices):
    """What the rows of a file are about."""

    PROJECTS = "projects", _("Projects with the dates of their stages")
    AGENCIES = "agencies", _("Agencies")
    INDICATORS = "indicators", _("Indicators")
    READINGS = "readings", _("Readings of indicators")
    INNOVATIONS = "innovations", _("Innovations")
    RESOLUTIONS = "resolutions", _("Resolutions of a meeting")


class ImportState(models.TextChoices):
    """Where a file is on its way; the steps between are in `rules.imports`."""

    READ = "read", _("Being read")
    PREVIEWED = "previewed", _("Ready to look at")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    STOPPED = "stopped", _("Stopped")
    REFUSED = "refused", _("Refused")
    TAKING_BACK = "taking_back", _("Being taken back")
    TAKEN_BACK = "taken_back", pgettext_lazy("a file", "Taken back")


UNDER_WAY = (ImportState.READ, ImportState.APPLYING, ImportState.TAKING_BACK)
"""States in which the worker has the next step."""


class RowKind(models.TextChoices):
    """What a row of a file does."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("No change")
    REFUSED = "refused", _("To correct")


class ImportQuerySet(DeskQuerySet):
    """Questions asked about imports."""

    def under_way(self) -> Any:
        """Those on which the worker has to work, the oldest first."""
        return self.filter(state__in=UNDER_WAY).order_by("updated_at", "pk")


class Import(StoredFile):
    """One file that staff brought in; its bytes are kept as those of evidence are."""

    table = models.CharField(_("what the file holds"), max_length=12, choices=ImportTable)
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, verbose_name=_("meeting"), null=True, blank=True, related_name="+"
    )
    """Of resolutions: the meeting, where no column of the file names it."""
    language = models.CharField(max_length=2, default="th", editable=False)
    """In which the portal says what it found."""
    state = models.CharField(
        _("state"), max_length=12, choices=ImportState, default=ImportState.READ, editable=False, db_index=True
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    """How often a worker began with what is next; one that dies leaves it for another."""
    word = models.TextField(max_length=5000, blank=True, editable=False)
    """Why it was refused or stopped, for people."""
    counts = models.JSONField(default=dict, blank=True, editable=False)
    """How many rows of each kind the preview found."""
    ignored = models.JSONField(default=list, blank=True, editable=False)
    """Headings that the portal does not know, as they stand in the file."""

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    @property
    def under_way(self) -> bool:
        """Whether the worker has the next step."""
        return self.state in UNDER_WAY


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Questions asked about the rows of imports."""

    def visible_to(self, person: Any) -> Any:
        """Staff all; nobody else any."""
        return self.filter(of__in=Import.objects.visible_to(person))


class ImportRow(models.Model):
    """What one row of a file says: written by the preview, and with what came of it when it was applied."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    """The row in the file, from 1."""
    kind = models.CharField(max_length=8, choices=RowKind)
    name = models.CharField(max_length=300, blank=True)
    """What the record is called."""
    changes = models.JSONField(default=list)
    """For each column that changes: its name, the value before and after, as JSON has them."""
    problems = models.JSONField(default=list)
    """For each thing to correct: the cell, the column's name, the value, a sentence."""
    record = models.CharField(max_length=40, blank=True)
    """The record's primary key; of a new one once it is there."""
    before = models.JSONField(default=dict)
    """The versions of what it changes, when it was previewed."""
    after = models.JSONField(default=dict)
    """The same once it was applied."""

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["of_id", "number"]
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="one_row_per_number")]
        indexes = [models.Index(fields=["of", "kind", "number"], name="rows_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.number}: {self.name}"
