"""The four stages of design thinking: two diamonds, open, close, open, close."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models.base import Part, PartQuerySet
from projects.models.projects import Project


class StageNumber(models.IntegerChoices):
    """The four steps of a GovLab project, in their order."""

    OVERVIEW = 1, _("Understand the whole picture")
    NEEDS = 2, _("Reach people's needs")
    DEVELOP = 3, _("Develop and test concepts")
    PLAN = 4, _("Plan for implementation")


class StageState(models.TextChoices):
    """How far one stage of one project is."""

    UNKNOWN = "unknown", _("No data yet")
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")


class StageQuerySet(PartQuerySet):
    """Questions asked about stages."""

    def late(self, on: date) -> Self:
        """Those that should have ended before this day and are not done."""
        return self.filter(planned_end__lt=on).exclude(state=StageState.DONE)


class Stage(Part):
    """One of the four stages of one project; dates are CE, empty when nobody stated them."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField(_("stage"), choices=StageNumber)
    state = models.CharField(_("state"), max_length=12, choices=StageState, default=StageState.UNKNOWN)
    planned_start = models.DateField(_("planned to start"), null=True, blank=True)
    planned_end = models.DateField(_("planned to end"), null=True, blank=True)
    actual_start = models.DateField(_("started"), null=True, blank=True)
    actual_end = models.DateField(_("ended"), null=True, blank=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "number"]
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="four_stages_once_each")]

    def __str__(self) -> str:
        return f"{self.number}. {self.get_number_display()}"

    def days_late(self, on: date) -> int:
        """How many days ago it should have ended; 0 when it is done, still has time or has no planned end."""
        if self.state == StageState.DONE or self.planned_end is None:
            return 0
        return max((on - self.planned_end).days, 0)

    def clean(self) -> None:
        """A stage ends after it starts, and ends only when it is done."""
        super().clean()
        wrong: dict[str, object] = {}
        for start, end in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
            first, last = getattr(self, start), getattr(self, end)
            if first and last and last < first:
                wrong[end] = _("The end lies before the start. Check both dates.")
        if self.actual_end and self.state != StageState.DONE:
            wrong["state"] = _("A stage with an end date is done. Choose Done or clear the date.")
        if self.actual_start and self.state in (StageState.UNKNOWN, StageState.NOT_STARTED):
            wrong["state"] = _("A stage with a start date is in progress or done.")
        if wrong:
            raise ValidationError(wrong)


ALL_DONE = 5
"""A project's `current_stage` once all four stages are done."""


def current_stage(states: list[str]) -> int | None:
    """Where a project stands, from the states of its stages 1 to 4.

    None: nothing is known; 0: none has begun; 1 to 4: the last stage in progress, else the last one done; 5: all done.
    """
    if all(state == StageState.UNKNOWN for state in states):
        return None
    if all(state == StageState.DONE for state in states):
        return ALL_DONE
    for wanted in (StageState.IN_PROGRESS, StageState.DONE):
        for number in range(len(states), 0, -1):
            if states[number - 1] == wanted:
                return number
    return 0


def standing(states: list[str]) -> str:
    """A project's standing in words, for lists and for whoever cannot see the diamonds."""
    number = current_stage(states)
    if number is None:
        return gettext("No data yet")
    if number == 0:
        return gettext("Not started")
    if number == ALL_DONE:
        return gettext("All stages done")
    words = {"number": number, "name": StageNumber(number).label}
    if states[number - 1] == StageState.DONE:
        return gettext("Stage %(number)d %(name)s done") % words
    return gettext("Stage %(number)d %(name)s") % words
