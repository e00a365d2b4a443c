"""Rounds of reporting: what a cohort's schedule asks of each project, until when, and how all stood when it closed."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of, is_desk
from govlab.records import Record
from govlab.templatetags.thai import year
from govlab.thai import format_date
from projects.models.base import DeskQuerySet, PublishState
from projects.models.cohorts import Cohort
from projects.models.projects import REPORTING_PARTS, Project
from projects.models.updates import INSIDE_AGENCY, ProgressUpdate, UpdateState


class Rhythm(models.TextChoices):
    """How often a schedule asks."""

    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    NAMED = "named", _("On named dates")


class Schedule(Record):
    """What a cohort is asked to report and when; day counts are calendar days after a period's last day.

    Holidays are not guessed: staff who want another due date set it on the round.
    """

    cohort = models.OneToOneField(Cohort, models.CASCADE, verbose_name=_("cohort"), related_name="schedule")
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm, default=Rhythm.QUARTERLY)
    starts_on = models.DateField(_("first day that is asked about"))
    ends_on = models.DateField(_("last day that is asked about"), null=True, blank=True)
    opens_after = models.PositiveSmallIntegerField(_("days after the period until reporting opens"), default=1)
    due_after = models.PositiveSmallIntegerField(_("days after the period until the report is due"), default=15)
    closes_after = models.PositiveSmallIntegerField(
        _("days after the period until the round closes by itself"), null=True, blank=True
    )

    class Meta:
        ordering = ["-cohort__year"]
        verbose_name = _("reporting schedule")
        verbose_name_plural = _("reporting schedules")

    def __str__(self) -> str:
        return gettext("Reporting schedule of %(cohort)s") % {"cohort": self.cohort}

    def clean(self) -> None:
        """It ends after it starts; opens, falls due and closes in this order."""
        super().clean()
        wrong: dict[str, Any] = {}
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = _("The end lies before the start. Check both dates.")
        if self.opens_after is not None and self.due_after is not None and self.due_after < self.opens_after:
            wrong["due_after"] = _("A report cannot be due before reporting opens.")
        if self.closes_after is not None and self.due_after is not None and self.closes_after < self.due_after:
            wrong["closes_after"] = _("A round cannot close before its reports are due.")
        if wrong:
            raise ValidationError(wrong)


class ScheduleDate(Record):
    """One named date of a schedule: the last day of what its round asks about."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="dates")
    ends_on = models.DateField(_("report up to this day"))

    class Meta:
        ordering = ["ends_on"]
        verbose_name = _("named date")
        verbose_name_plural = _("named dates")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "ends_on"],
                name="a_named_date_once",
                violation_error_message=_("This date is already there."),
            )
        ]

    def __str__(self) -> str:
        return format_date(self.ends_on)

    def clean(self) -> None:
        """A day that the schedule asks about."""
        super().clean()
        schedule = self.schedule
        if self.ends_on and (
            self.ends_on < schedule.starts_on or (schedule.ends_on and self.ends_on > schedule.ends_on)
        ):
            raise ValidationError({"ends_on": _("The schedule does not ask about this day. Choose a day within it.")})


class Asked(models.TextChoices):
    """How a project differs from its cohort's schedule."""

    ALWAYS = "always", _("In every round")
    QUARTER_ENDS = "quarter_ends", _("Only in rounds that end a quarter")
    NEVER = "never", _("In no round")


class ScheduleException(Record):
    """How one project differs from its cohort's schedule, from the next round that opens on."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="exceptions")
    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="schedule_exceptions")
    asked = models.CharField(_("is asked"), max_length=12, choices=Asked, default=Asked.ALWAYS)
    extra_days = models.PositiveSmallIntegerField(_("more days until its report is due"), default=0)
    reason = models.TextField(_("reason"), max_length=1000)

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["project__code"]
        verbose_name = _("exception of a schedule")
        verbose_name_plural = _("exceptions of a schedule")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "project"],
                name="one_exception_per_project",
                violation_error_message=_("This project already has an exception. Change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project.code}: {self.get_asked_display()}"

    def clean(self) -> None:
        """Only a project of the schedule's own cohort."""
        super().clean()
        if self.schedule_id and self.project_id and self.project.cohort_id != self.schedule.cohort_id:
            raise ValidationError({"project": _("This project belongs to another cohort.")})


class RoundQuerySet(models.QuerySet["Round"]):
    """Questions asked about rounds."""

    def open(self) -> Self:
        """Those that are not closed."""
        return self.filter(closed_at=None)

    def visible_to(self, person: Any) -> Self:
        """Staff all; an agency those that ask one of its projects; nobody else."""
        if is_desk(person):
            return self
        return self.filter(pk__in=DueReport.objects.visible_to(person).values("round"))


class Round(Record):
    """One turn of a schedule: a period, when its reports are due, and when it was closed. All dates CE."""

    schedule = models.ForeignKey(Schedule, models.PROTECT, verbose_name=_("schedule"), related_name="rounds")
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("up to"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    closes_on = models.DateField(_("closes by itself on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end", "pk"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [models.UniqueConstraint(fields=["schedule", "period_end"], name="one_round_per_period")]

    def __str__(self) -> str:
        return gettext("Round up to %(day)s, cohort %(year)s") % {
            "day": format_date(self.period_end),
            "year": year(self.schedule.cohort.year),
        }

    def clean(self) -> None:
        """A round opens, falls due and closes in this order."""
        super().clean()
        if self.due_on and self.opens_on and self.due_on < self.opens_on:
            raise ValidationError({"due_on": _("A report cannot be due before reporting opens.")})
        if self.closes_on and self.due_on and self.closes_on < self.due_on:
            raise ValidationError({"closes_on": _("A round cannot close before its reports are due.")})


class DueState(models.TextChoices):
    """How far the answer to a due report is; it follows from the report, so that it can never disagree with it."""

    DUE = "due", _("Not begun")
    DRAFT = "draft", _("Being written")
    RETURNED = "returned", _("Returned for correction")
    WAITING = "waiting", _("Waiting for review")
    DONE = "done", _("Approved")
    WAIVED = "waived", _("Waived")


WITH_AGENCY = (DueState.DUE, DueState.DRAFT, DueState.RETURNED)
"""States in which the agency has the next step."""


class DueReportQuerySet(models.QuerySet["DueReport"]):
    """Questions asked about due reports."""

    def visible_to(self, person: Any) -> Self:
        """Staff, and the agencies that report on the project; nobody else."""
        if is_desk(person):
            return self
        own = Q(project__parts__agency__in=agencies_of(person), project__parts__part__in=REPORTING_PARTS)
        return self.filter(pk__in=self.model.objects.filter(own).values("pk"))

    def with_state(self) -> Self:
        """Each with its `state` (a DueState) as a column to filter and order by."""
        return self.annotate(
            state=Case(
                When(waived_at__isnull=False, then=Value(DueState.WAIVED)),
                When(update=None, then=Value(DueState.DUE)),
                When(update__state__in=INSIDE_AGENCY, then=Value(DueState.DRAFT)),
                When(update__state=UpdateState.RETURNED, then=Value(DueState.RETURNED)),
                When(update__state=UpdateState.APPROVED, then=Value(DueState.DONE)),
                default=Value(DueState.WAITING),
                output_field=CharField(),
            )
        )

    def open(self) -> Self:
        """Those of open rounds and projects that are not hidden where the agency has the next step."""
        return (
            self.with_state()
            .filter(round__closed_at=None, state__in=WITH_AGENCY)
            .exclude(project__state=PublishState.HIDDEN)
        )

    def late(self, on: date) -> Self:
        """Those among the open that were due before this day."""
        return self.open().filter(due_on__lt=on)

    def urgent(self) -> QuerySet["DueReport"]:
        """The soonest due first."""
        return self.order_by(F("due_on").asc(), "project__code", "pk")


class DueReport(Record):
    """One report that a round asks of one project: answered by an update, or waived by staff with a reason."""

    round = models.ForeignKey(Round, models.CASCADE, verbose_name=_("round"), related_name="reports")
    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="due_reports")
    due_on = models.DateField(_("due on"))
    update = models.OneToOneField(
        ProgressUpdate, models.SET_NULL, verbose_name=_("update"), null=True, blank=True, related_name="due"
    )
    waived_at = models.DateTimeField(_("waived"), null=True, blank=True, editable=False)
    waived_reason = models.TextField(_("why it is waived"), max_length=1000, blank=True, editable=False)

    state: str
    """A DueState; only on rows from `with_state()`."""

    objects = DueReportQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "project__code", "pk"]
        verbose_name = _("due report")
        verbose_name_plural = _("due reports")
        constraints = [models.UniqueConstraint(fields=["round", "project"], name="one_report_per_round_and_project")]

    def __str__(self) -> str:
        return f"{self.project.code}: {self.round}"

    @property
    def state_label(self) -> str:
        """Its state in words; only on rows from `with_state()`."""
        return str(DueState(self.state).label)

    def days_late(self, on: date) -> int:
        """How many days ago it was due; 0 when it still has time."""
        return max((on - self.due_on).days, 0)


class Snapshot(models.Model):
    """How one project stood when a round closed: written once, never changed; only staff see it."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="snapshots")
    project = models.ForeignKey(Project, models.CASCADE, related_name="snapshots")
    standing = models.JSONField()
    """Plain values as `rules.rounds` writes them: stages, last approved update, readings, the due report."""
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "project__code"]
        constraints = [models.UniqueConstraint(fields=["round", "project"], name="one_snapshot_per_round_and_project")]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.round_id}"
