"""What projects ask the public: open now, soon and ended; one call with what people said; the form to answer it."""

from datetime import date
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Case, Count, DateField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor, VisitorForm
from govlab.gather import line
from govlab.worded import worded
from projects.calls import PAGE, counted, standing, tally, themes_of
from projects.exchange.lists import STANDPOINTS, VOICE_LIST, call_list
from projects.exchange.taking import take
from projects.forms.calls import AnswerForm
from projects.models import Call, Moderation, Theme, Voice
from projects.rules import voices

ANSWERED_BY = _("Send the answer")


def _in_order(rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Open ones by their last day, then those to come by their first, then the ended ones, the last ended first."""
    ended = Q(closes_on__lt=today)
    rows = rows.annotate(
        group=Case(When(ended, then=Value(2)), When(opens_on__gt=today, then=Value(1)), default=Value(0)),
    )
    first = Case(When(group=0, then=F("closes_on")), When(group=1, then=F("opens_on")))
    return rows.order_by("group", first.asc(nulls_last=True), "-closes_on", "-pk")


class CallList(PublicDoor):
    """Every call, in three parts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page asked for; one that does not exist says so, with 404."""
        today = timezone.localdate()
        rows = _in_order(counted(Call.objects.visible_to(self.person)), today)
        if file := take(request, call_list(today), rows):
            return file
        paginator = Paginator(rows, PAGE)
        try:
            page = paginator.page(request.GET.get("page", 1))
        except InvalidPage:
            return render(request, "public/calls/list.html", {"no_such_page": True}, status=404)
        groups: dict[str, list[Call]] = {"open": [], "soon": [], "ended": []}
        for call in page:
            groups[standing(call, today)].append(call)
        context = {"page_obj": page, "groups": groups, "today": today}
        return render(request, "public/calls/list.html", context)


class CallDetail(PublicDoor):
    """One call: what is asked, what people said, and what the team made of it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page, with the voices in numbered pages."""
        today = timezone.localdate()
        call = get_object_or_404(Call.objects.visible_to(self.person).select_related("project"), pk=pk)
        numbers = tally(call)
        rows = Voice.objects.visible_to(self.person).filter(call=call, state=Moderation.SHOWN)
        rows = rows.order_by("-decided_at", "pk")
        if file := take(request, VOICE_LIST, rows) or take(request, STANDPOINTS, lambda: numbers.standpoints, "who"):
            return file
        paginator = Paginator(rows, PAGE)
        paginator.count = numbers.shown  # known already
        context = {
            "call": call,
            "standing": standing(call, today),
            "days_left": (call.closes_on - today).days,
            "tally": numbers,
            "themes": themes_of(call, self.person),
        }
        try:
            page = paginator.page(request.GET.get("page", 1))
        except InvalidPage:
            return render(request, "public/calls/detail.html", {**context, "no_such_page": True}, status=404)
        return render(request, "public/calls/detail.html", {**context, "page_obj": page, "voices": list(page)})


class CallAnswer(VisitorForm):
    """The form to answer a call; afterwards the same address says thank you and what happens next."""

    form_class = AnswerForm
    template_name = "public/calls/answer.html"
    title = _("Answer the call")
    button = ANSWERED_BY
    purpose = "voice"
    call: Any = None

    def find(self) -> None:
        """The call, which is no record that the form changes."""
        rows = Call.objects.visible_to(self.person).select_related("project")
        self.call = get_object_or_404(rows, pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        """The question, and whether it may still be answered."""
        today = timezone.localdate()
        return {
            **super().context(),
            "call": self.call,
            "standing": standing(self.call, today),
            "sent": "sent" in self.request.GET and self.request.method == "GET",
        }

    def rule(self, **answers: Any) -> Voice:
        """Takes the answer."""
        return voices.answer(self.call, language=get_language() or "th", **answers)

    def next_page(self, result: Voice) -> str:
        """The thank-you."""
        return reverse("public:call-answer", args=[self.call.pk]) + "?sent=1"


# --- on other pages --------------------------------------------------------------------------------------------------
@worded(today=DateField())
def open_now(n: int, *, today: Any) -> QuerySet[Any]:
    """The `n` calls that can be answered on this day and end first, with their projects, for everybody."""
    rows = Call.objects.public().open(today).select_related("project")
    return rows.order_by("closes_on", "pk")[:n]


def _answered(of: str) -> Any:
    rows = Voice.objects.filter(state=Moderation.SHOWN, **{of: OuterRef("pk")})
    rows = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def beside_project(project: Any, person: Any) -> list[QuerySet[Any]]:
    """Two lists for `gather`: "calls" (`sort` first day, `on` last day, `more_th` answers that are shown) and "themes".

    A theme carries its call as `under`, its answer as `more_th` and `more_en`, and its outcome as `url`.
    """
    public = Call.objects.visible_to(person).public().filter(project=project)
    shown = Theme.objects.visible_to(person).filter(call__in=public, shown=True)
    return [
        line(
            public.annotate(n=_answered("call")),
            "calls",
            key="pk",
            name_th="question_th",
            name_en="question_en",
            on="closes_on",
            sort="opens_on",
            more_th="n",
        ),
        line(
            shown,
            "themes",
            under="call_id",
            key="pk",
            name_th="title_th",
            name_en="title_en",
            more_th="answer_th",
            more_en="answer_en",
            url="outcome",
            place="position",
        ),
    ]
