"""What a project is measured by, and what was measured."""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from govlab.records import Record
from govlab.thai import pick
from projects.models.base import Part, PartQuerySet
from projects.models.projects import Project
from projects.models.updates import ProgressUpdate, UpdateState


def number_text(value: Decimal | None, *, grouped: bool = True) -> str:
    """A value without the zeros its column adds: 12,500 or 3.5; "" for none."""
    if value is None:
        return ""
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Direction(models.TextChoices):
    """Which way is better."""

    UP = "up", _("More is better")
    DOWN = "down", _("Less is better")


class Counting(models.TextChoices):
    """What one reading stands for."""

    PERIODIC = "periodic", _("Each reading stands for its period")
    CUMULATIVE = "cumulative", _("Each reading counts everything so far")


class Indicator(Part):
    """A measure of one project: its unit, where it began and where it should get to."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="indicators")
    name_th = models.CharField(_("name in Thai"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    unit_th = models.CharField(_("unit in Thai"), max_length=60)
    unit_en = models.CharField(_("unit in English"), max_length=60, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.UP)
    counting = models.CharField(_("counting"), max_length=10, choices=Counting, default=Counting.PERIODIC)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return pick(self, "name")


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Questions asked about readings."""

    def visible_to(self, person: Any) -> Self:
        """A reading is seen by whoever sees the update it came with."""
        return self.filter(update__in=ProgressUpdate.objects.visible_to(person))

    def measured(self) -> Self:
        """Those that have a value."""
        return self.exclude(value=None)

    def approved(self) -> Self:
        """Those of approved updates, in the order in which they follow each other."""
        rows = self.filter(update__state=UpdateState.APPROVED)
        return rows.order_by("update__happened_on", "update__reviewed_at", "pk")


class Reading(Record):
    """One measured value, or why there is none; it arrives with an update and counts from the update's date on."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="readings")
    update = models.ForeignKey(ProgressUpdate, models.CASCADE, related_name="readings")
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    unavailable = models.CharField(_("why there is no value"), max_length=300, blank=True)
    confirmed = models.BooleanField(_("asked about and found right"), default=False, editable=False)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["update__happened_on", "pk"]
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "update"], name="one_reading_per_update"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, unavailable="") | (Q(value__isnull=True) & ~Q(unavailable="")),
                name="a_value_or_why_there_is_none",
                violation_error_message=_("Give a number, or say why there is none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.unavailable if self.value is None else number_text(self.value)}"
