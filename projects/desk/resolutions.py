"""The ledger on the desk: what meetings asked, how it stands, how old it has become; and what asks nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.paging import page_of
from projects.ageing import KINDS, ageing
from projects.desk.assignments import asked, next_step
from projects.desk.home import tab_counts
from projects.exchange import desk_tables
from projects.exchange.lists import crossed
from projects.exchange.taking import take
from projects.filters import AssignmentFilter, OpinionFilter
from projects.ledger_filters import SOON
from projects.models import Assignment, AssignmentState, Resolution
from projects.models.assignments import NOT_DONE, WITH_DESK

PAGE = 50
AGES = crossed(
    _("How long the open ones have been open"), _("Open for"), [*(label for _kind, label in KINDS), _("Together")]
)


def ages(chosen: AssignmentFilter, today: date) -> list[Any]:
    """The numbers of the chart of age."""
    drawn = ageing(chosen.of_any_age(), today)
    if not drawn:
        return []
    return [
        *((bar.label, [*bar.counts, bar.total]) for bar in drawn.bars),
        (_("Together"), [*drawn.totals, drawn.total]),
    ]


@dataclass(frozen=True)
class Row:
    """One assignment as the ledger shows it."""

    assignment: Assignment
    days_late: int
    days_left: int | None
    next_step: str
    waits: bool


def row_of(assignment: Assignment, today: date) -> Row:
    """The row; `days_left` where it is due within a month and not done."""
    left = (assignment.due_on - today).days if assignment.due_on and assignment.state in NOT_DONE else None
    return Row(
        assignment,
        assignment.days_late(today),
        left if left is not None and 0 <= left <= SOON else None,
        next_step(assignment),
        assignment.state in WITH_DESK,
    )


def in_order(rows: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    """What waits for staff first, then what is overdue, then the rest by due date; what is closed last."""
    rank = Case(
        When(state__in=WITH_DESK, then=Value(0)),
        When(Q(state__in=NOT_DONE, due_on__lt=today), then=Value(1)),
        When(state=AssignmentState.CLOSED, then=Value(3)),
        default=Value(2),
    )
    return rows.order_by(rank, F("due_on").asc(nulls_last=True), "-meeting__starts_on", "-meeting", "position", "pk")


class ResolutionList(DeskDoor):
    """The ledger; `?what=opinions` shows the resolutions that ask nothing of anybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One of the two tables, filtered."""
        return self.opinions(request) if request.GET.get("what") == "opinions" else self.asked(request)

    def asked(self, request: HttpRequest) -> HttpResponse:
        """What is asked of agencies, with the chart of its age."""
        today = timezone.localdate()
        rows = asked(self.person).prefetch_related("projects")
        chosen = AssignmentFilter(request.GET, queryset=rows, on=today, person=self.person)
        shown = in_order(chosen.qs, today)
        told = desk_tables.ledger(next_step, lambda row: row.days_late(today))
        if file := take(request, told, shown, asked=chosen) or take(
            request, AGES, lambda: ages(chosen, today), "ages", asked=chosen
        ):
            return file
        page = page_of(request, shown, PAGE)
        context = {
            **tab_counts(),
            "title": _("Resolutions to follow"),
            "what": "asked",
            "filter": chosen,
            "page_obj": page,
            "rows": [row_of(row, today) for row in page],
            "ageing": ageing(chosen.of_any_age(), today),
            "age": request.GET.get("age", ""),
        }
        return render(request, "desk/resolutions/list.html", context, status=page.status)

    def opinions(self, request: HttpRequest) -> HttpResponse:
        """Resolutions without an assignment, the last meeting first."""
        rows: Any = Resolution.objects.visible_to(self.person).filter(assignments=None)
        rows = rows.select_related("meeting__series", "item").prefetch_related("concerns", "item__projects")
        rows = rows.order_by("-meeting__starts_on", "-meeting", "item__position", "position", "pk")
        chosen = OpinionFilter(request.GET, queryset=rows, person=self.person)
        if file := take(request, desk_tables.OPINIONS, chosen.qs, asked=chosen):
            return file
        page = page_of(request, chosen.qs, PAGE)
        context = {
            **tab_counts(),
            "title": _("Resolutions that ask nothing"),
            "what": "opinions",
            "filter": chosen,
            "page_obj": page,
            "rows": page,
        }
        return render(request, "desk/resolutions/opinions.html", context, status=page.status)
