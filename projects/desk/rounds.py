"""Rounds of reporting on the desk: how far each is, who has sent what, other dates, closing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Case, Count, IntegerField, Prefetch, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleConfirm
from govlab.fields import ThaiDateField
from govlab.paging import page_of
from govlab.thai import WEEKDAYS, known_language
from projects.desk.home import tab_counts
from projects.desk.pages import PageDoor, PageForm
from projects.exchange import desk_tables
from projects.exchange.taking import in_pieces, take
from projects.models import (
    REPORTING_PARTS,
    DueReport,
    DueState,
    ProgressUpdate,
    ProjectAgency,
    Round,
)
from projects.models.rounds import WITH_AGENCY
from projects.rules import rounds
from projects.rules.standings import lateness

PAGE = 100
SATURDAY = 5


def weekend(day: date) -> str:
    """The name of the day when it is a Saturday or a Sunday, else nothing: staff decide whether that matters."""
    return WEEKDAYS[known_language()][day.weekday()] if day.weekday() >= SATURDAY else ""


@dataclass(frozen=True)
class RoundRow:
    """A round in a list: how many of its reports are in each state, in the order of DueState."""

    round: Round
    counts: list[int]
    weekend: str


def counted(found: Iterable[Round]) -> list[RoundRow]:
    """The rounds with how many of their reports are in each state; one query for all."""
    listed = list(found)
    groups = DueReport.objects.filter(round__in=listed).with_state().order_by().values_list("round", "state")
    counts = {(key, state): number for key, state, number in groups.annotate(number=Count("pk"))}
    return [
        RoundRow(each, [counts.get((each.pk, state), 0) for state in DueState.values], weekend(each.due_on))
        for each in listed
    ]


def reporting(path: str) -> Prefetch:
    """For a list: `project.reporting`, the parts of the agencies that report; `path` leads from a row to its parts."""
    rows = ProjectAgency.objects.filter(part__in=REPORTING_PARTS).select_related("agency")
    return Prefetch(path, rows, to_attr="reporting")


class RoundList(DeskDoor):
    """Every round of every cohort."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The open ones first, then those closed last."""
        order = Case(When(closed_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = Round.objects.visible_to(self.person).select_related("schedule__cohort")
        rows = rows.order_by(order, "-period_end", "pk")
        if file := take(request, desk_tables.ROUNDS, lambda: counted(rows)):
            return file
        page = page_of(request, rows, PAGE)
        context = {
            **tab_counts(),
            "title": _("Rounds of reporting"),
            "page_obj": page,
            "rows": counted(page.object_list),
            "states": DueState.labels,
        }
        return render(request, "desk/rounds/list.html", context, status=page.status)


class RoundDoor(PageDoor):
    """A door about one round."""

    def found(self) -> Round:
        """The round that the address names."""
        rows = Round.objects.visible_to(self.person).select_related("schedule__cohort")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The page of the round."""
        return reverse("desk:round-detail", args=[self.kwargs["pk"]])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the list over the round."""
        return [(reverse("desk:round-list"), _("Rounds")), (self.own_page(), self.found()), ("", title)]


@dataclass(frozen=True)
class DueRow:
    """A due report in the table of its round."""

    due: Any
    days_late: int
    update: ProgressUpdate | None
    """Its update, where staff may read that."""
    steps: Sequence[str]
    weekend: str


class RoundDetail(RoundDoor):
    """One round: every project that is asked, those first where the agency has the next step."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The table."""
        round_, today = self.found(), timezone.localdate()
        place = Case(
            When(state__in=WITH_AGENCY, then=Value(0)),
            When(state=DueState.WAITING, then=Value(1)),
            When(state=DueState.DONE, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        rows = round_.reports.with_state().select_related("project").order_by(place, "due_on", "project__code", "pk")
        rows = rows.prefetch_related(reporting("project__parts"))
        taken: Any = lambda: (row for some in in_pieces(rows) for row in self.rows(some, round_, today))  # noqa: E731
        if file := take(request, desk_tables.ROUND, taken):
            return file
        page = page_of(request, rows, PAGE)
        context = {
            "round": round_,
            "title": str(round_),
            "row": counted([round_])[0],
            "states": DueState.labels,
            "steps": rounds.round_steps(self.person, round_),
            "page_obj": page,
            "rows": self.rows(list(page.object_list), round_, today),
            "crumbs": [(reverse("desk:round-list"), _("Rounds")), ("", round_)],
        }
        return render(request, "desk/rounds/detail.html", context, status=page.status)

    def rows(self, reports: list[Any], round_: Round, today: date) -> list[DueRow]:
        """The rows of the table, each with its steps; two queries."""
        seen: QuerySet[ProgressUpdate] = ProgressUpdate.objects.visible_to(self.person)
        sent = {row.pk: row for row in ProgressUpdate.objects.filter(due__in=reports).defer("text", "obstacles")}
        readable = set(seen.filter(pk__in=sent).values_list("pk", flat=True))
        found = []
        for due in reports:
            due.round, due.update = round_, sent.get(due.update_id)
            found.append(
                DueRow(
                    due,
                    lateness(due, today),
                    due.update if due.update_id in readable else None,
                    rounds.open_steps(self.person, due, desk=True),
                    weekend(due.due_on),
                )
            )
        return found


class RoundForm(forms.ModelForm):
    """Other dates for an open round."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if name := weekend(self.instance.due_on):
            self.fields["due_on"].help_text = gettext("The date set now is a %(weekday)s.") % {"weekday": name}

    class Meta:
        model = Round
        fields = ["due_on", "closes_on"]
        field_classes = {"due_on": ThaiDateField, "closes_on": ThaiDateField}
        help_texts = {
            "closes_on": _("The round stays open through that day. Leave it empty to close the round yourself."),
        }


class RoundEdit(RoundDoor, PageForm):
    """Sets other dates."""

    form_class = RoundForm
    title = _("Change the dates of the round")
    button = _("Save the dates")
    done_message = _("The dates are saved. The due reports of the round moved along.")

    def find(self) -> Round:
        """By its number."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """What moves along."""
        intro = _("Every report of the round gets the new due date; one that has a later date of its own keeps it.")
        return {**super().context(), "intro": intro}

    def rule(self, **answers: Any) -> Round:
        """Changes them."""
        return rounds.edit(self.thing, by=self.person, **answers)


class RoundClose(RoundDoor, RuleConfirm):
    """Ends a round, after a question."""

    template_name = "desk/confirm.html"
    done_message = _("The round is closed. How every project stood is kept.")

    def context(self) -> dict[str, Any]:
        """The question, with how many reports are still missing."""
        round_ = self.found()
        missing = round_.reports.open().count()
        title = gettext("Close the round?")
        intro = ngettext(
            "How every project stands now is kept for good, and the round cannot be opened again. "
            "%(count)d report has not been sent.",
            "How every project stands now is kept for good, and the round cannot be opened again. "
            "%(count)d reports have not been sent.",
            missing,
        ) % {"count": missing}
        return {
            "title": title,
            "what": str(round_),
            "along": None,
            "intro": intro,
            "button": _("Close the round"),
            "back": self.own_page(),
            "crumbs": self.crumbs(title),
        }

    def rule(self, **answers: Any) -> Round:
        """Closes it."""
        return rounds.close(self.found(), by=self.person)
