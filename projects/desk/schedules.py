"""A cohort's schedule on the desk: what is asked and when, with an example; its named dates and exceptions."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.rules import records
from govlab.fields import ThaiDateField
from projects.desk.pages import PageDoor, PageForm, PageRemove
from projects.desk.rounds import counted, weekend
from projects.models import Cohort, DueState, Project, Rhythm, Schedule, ScheduleDate, ScheduleException
from projects.rules import schedules


class ScheduleForm(forms.ModelForm):
    """How often, from when on, and how many days there are."""

    class Meta:
        model = Schedule
        fields = ["rhythm", "starts_on", "ends_on", "opens_after", "due_after", "closes_after"]
        field_classes = {"starts_on": ThaiDateField, "ends_on": ThaiDateField}
        widgets = {"rhythm": forms.RadioSelect}
        help_texts = {
            "starts_on": _("The first whole month or quarter from this day on is asked about. For example 1/10/2564."),
            "ends_on": _("Nothing is asked about later days. Leave it empty while the cohort is under way."),
            "opens_after": _("1: on the day after a month, a quarter or a named date has ended."),
            "due_after": _("Calendar days. Holidays are not counted; another due date can be set on each round."),
            "closes_after": _("The round stays open through that day. Leave it empty to close each round yourself."),
        }


class DateForm(forms.ModelForm):
    """A named date."""

    class Meta:
        model = ScheduleDate
        fields = ["ends_on"]
        field_classes = {"ends_on": ThaiDateField}
        help_texts = {"ends_on": _("The round asks about the days up to and with this one. For example 30/6/2564.")}


class ProjectChoice(forms.ModelChoiceField):
    """A project, under its code and title."""

    def label_from_instance(self, obj: Any) -> str:
        """As the project table names it."""
        return f"{obj.code} {obj}"


class ExceptionForm(forms.ModelForm):
    """How one project of the cohort differs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["project"]
        field.queryset = Project.objects.filter(cohort=self.instance.schedule.cohort_id).order_by("code")

    class Meta:
        model = ScheduleException
        fields = ["project", "asked", "extra_days", "reason"]
        field_classes = {"project": ProjectChoice}
        widgets = {"asked": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"extra_days": _("0: the same due date as the others.")}


def example(schedule: Schedule) -> dict[str, Any]:
    """What the schedule means: how many rounds open at once, and the next three."""
    today = timezone.localdate()
    dates = schedules.named_dates(schedule)
    after = schedules.last_asked(schedule) if schedule.pk else None
    return {
        "at_once": len(schedules.periods(schedule, dates, today, after)),
        "upcoming": [(each, weekend(each.due_on)) for each in schedules.upcoming(schedule, dates, today, after)],
        "named": schedule.rhythm == Rhythm.NAMED,
    }


class ScheduleDoor(PageDoor):
    """A door about one cohort's schedule."""

    def cohort(self) -> Cohort:
        """The cohort that the address names."""
        return get_object_or_404(Cohort, year=self.kwargs["year"])

    def found(self) -> Schedule:
        """The cohort's schedule."""
        return get_object_or_404(Schedule.objects.select_related("cohort"), cohort__year=self.kwargs["year"])

    def own_page(self) -> str:
        """The page of the schedule."""
        return reverse("desk:schedule-detail", kwargs={"year": self.kwargs["year"]})

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the cohorts over the schedule."""
        return [(reverse("desk:cohort-list"), _("Cohorts")), (self.own_page(), _("Reporting schedule")), ("", title)]


class ScheduleDetail(ScheduleDoor):
    """What a cohort is asked, in words; its named dates, exceptions and rounds."""

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        """The page; without a schedule it says how to begin."""
        cohort = self.cohort()
        schedule = Schedule.objects.filter(cohort=cohort).select_related("cohort").first()
        context: dict[str, Any] = {
            "cohort": cohort,
            "schedule": schedule,
            "crumbs": [(reverse("desk:cohort-list"), _("Cohorts")), ("", cohort)],
        }
        if schedule:
            context |= {
                "example": example(schedule),
                "dates": list(schedule.dates.all()),
                "exceptions": list(schedule.exceptions.select_related("project")),
                "states": DueState.labels,
                "rounds": counted(list(schedule.rounds.select_related("schedule__cohort"))),
            }
        return render(request, "desk/schedules/detail.html", context)


class ScheduleAsking(ScheduleDoor, PageForm):
    """What adding and editing have in common: the form shows what its answers would mean."""

    form_class = ScheduleForm
    template_name = "desk/schedules/form.html"
    button = _("Save the schedule")
    done_message = _("The schedule is saved. Rounds open by themselves when their day has come.")

    def show(self, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        """The form with the example, as far as its answers make sense."""
        told = example(form.instance) if not form.is_bound or form.is_valid() else None
        return super().show(form, status, example=told, **extra)

    def take(self, request: HttpRequest) -> HttpResponse:
        """Saves, or only shows the example of what was typed."""
        if "preview" not in request.POST:
            return super().take(request)
        form = self.form_class(data=request.POST, **self.form_kwargs())
        return self.show(form, 200 if form.is_valid() else 400, version=request.POST.get("version"))


class ScheduleAdd(ScheduleAsking):
    """A cohort's first schedule."""

    title = _("Add a reporting schedule")

    def form_kwargs(self) -> dict[str, Any]:
        """Suggests every quarter, from the quarter that it is now."""
        today = timezone.localdate()
        return {
            "instance": Schedule(
                cohort=self.cohort(), starts_on=today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
            )
        }

    def rule(self, **answers: Any) -> Schedule:
        """Adds it."""
        return schedules.add(by=self.person, cohort=self.cohort(), **answers)


class ScheduleEdit(ScheduleAsking):
    """Another rhythm, other days."""

    title = _("Edit the reporting schedule")

    def find(self) -> Schedule:
        """The cohort's."""
        return self.found()

    def rule(self, **answers: Any) -> Schedule:
        """Changes it."""
        return schedules.edit(self.thing, by=self.person, **answers)


class DateAdd(ScheduleDoor, PageForm):
    """One more named date."""

    form_class = DateForm
    title = _("Add a named date")
    button = _("Save the date")
    done_message = _("The date is saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """The form knows the schedule, so that no date is added twice."""
        return {"instance": ScheduleDate(schedule=self.found())}

    def rule(self, **answers: Any) -> ScheduleDate:
        """Adds it."""
        return records.add(ScheduleDate, by=self.person, schedule=self.found(), **answers)


class DateRemove(ScheduleDoor, PageRemove):
    """Takes a named date out."""

    button = _("Remove the date")
    done_message = _("The date is removed.")

    def row(self) -> ScheduleDate:
        """A date of this schedule."""
        return get_object_or_404(ScheduleDate, schedule=self.found(), pk=self.kwargs["pk"])

    def question(self, row: ScheduleDate) -> dict[str, Any]:
        """What will happen."""
        return {
            "title": gettext("Remove the named date %(day)s?") % {"day": row},
            "intro": _("A round that has opened for it stays. No other one opens for it."),
        }


class ExceptionAsking(ScheduleDoor, PageForm):
    """What adding and editing have in common."""

    form_class = ExceptionForm
    button = _("Save the exception")
    done_message = _("The exception is saved. It holds from the next round on.")

    def context(self) -> dict[str, Any]:
        """From when on it holds."""
        intro = _("It holds for rounds that open from now on. Reports that are asked for already stay as they are.")
        return {**super().context(), "intro": intro}


class ExceptionAdd(ExceptionAsking):
    """One more project that differs."""

    title = _("Add an exception")

    def form_kwargs(self) -> dict[str, Any]:
        """The form knows the schedule, so that a project has one exception."""
        return {"instance": ScheduleException(schedule=self.found())}

    def rule(self, **answers: Any) -> ScheduleException:
        """Adds it."""
        return records.add(ScheduleException, by=self.person, schedule=self.found(), **answers)


class ExceptionEdit(ExceptionAsking):
    """An exception that is there."""

    title = _("Edit the exception")

    def find(self) -> ScheduleException:
        """An exception of this schedule."""
        rows = ScheduleException.objects.select_related("schedule", "project")
        return get_object_or_404(rows, schedule=self.found(), pk=self.kwargs["pk"])

    def rule(self, **answers: Any) -> ScheduleException:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class ExceptionRemove(ScheduleDoor, PageRemove):
    """The project is asked like the others again."""

    button = _("Remove the exception")
    done_message = _("The exception is removed.")

    def row(self) -> ScheduleException:
        """An exception of this schedule."""
        rows = ScheduleException.objects.select_related("project")
        return get_object_or_404(rows, schedule=self.found(), pk=self.kwargs["pk"])

    def question(self, row: ScheduleException) -> dict[str, Any]:
        """What will happen."""
        return {
            "title": gettext("Remove the exception of %(code)s?") % {"code": row.project.code},
            "intro": _("From the next round on, the project is asked like the others of its cohort."),
        }
