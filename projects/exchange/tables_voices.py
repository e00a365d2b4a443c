"""What projects ask the public, what people answered and what came of it, and stars, as tables; nobody is named."""

from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.calls import counted
from projects.exchange.columns import DEMO, Column, Table, both, number, number_of, of
from projects.models import Call, Moderation, ProgressUpdate, Project, Rating, Theme, Voice

VISITOR = AnonymousUser()
ANSWERS = _("answers")
BY_VISITORS = _("Written by visitors of the portal; shown once somebody read it.")


CALLS = Table(
    "calls",
    _("Calls to the public"),
    _("The questions that projects put to the public."),
    (
        number(),
        of(Call, "project"),
        of(Call, "stage_number"),
        *both(Call, "question", "about", "use"),
        of(Call, "opens_on"),
        of(Call, "closes_on"),
        Column("answers", _("Answers shown"), "whole", attrgetter("n_shown"), unit=ANSWERS, comes_from=BY_VISITORS),
        Column(
            "answers_waiting",
            _("Answers that nobody has read yet"),
            "whole",
            attrgetter("n_waiting"),
            unit=ANSWERS,
            comes_from=BY_VISITORS,
        ),
        DEMO,
    ),
    lambda person: counted(Call.objects.visible_to(person).order_by("opens_on", "pk")),
    counted,
    "id",
    _("Asked by the team of the project."),
)

VOICES = Table(
    "voices",
    _("What people answered"),
    _("The answers to calls that are shown. Who wrote them is not known."),
    (
        number(),
        Column("call", _("Call to the public"), "whole", attrgetter("call_id"), refers="calls.id"),
        Column("day", _("Day"), "date", lambda row: timezone.localdate(row.created_at)),
        of(Voice, "standpoint", label=_("Who somebody is in the matter")),
        of(Voice, "text", label=_("Answer")),
        Column("language", _("Language of the portal when it was written"), "code", attrgetter("language")),
        DEMO,
    ),
    lambda person: Voice.objects.visible_to(person).filter(state=Moderation.SHOWN).order_by("call", "created_at", "pk"),
    lambda rows: rows,
    "id",
    BY_VISITORS,
)


def _themes(rows: QuerySet[Any], person: Any = VISITOR) -> QuerySet[Any]:
    return rows.prefetch_related(Prefetch("update", ProgressUpdate.objects.visible_to(person)))


THEMES = Table(
    "themes",
    _("Themes of what people answered"),
    _("What several answers to a call say in common, and what the team made of it (you said, we did)."),
    (
        number(),
        Column("call", _("Call to the public"), "whole", attrgetter("call_id"), refers="calls.id"),
        of(Theme, "position"),
        *both(Theme, "title", "answer"),
        of(Theme, "outcome"),
        number_of("update", _("The report that tells of the change"), "updates.id"),
        DEMO,
    ),
    lambda person: _themes(
        Theme.objects.visible_to(person).filter(shown=True).order_by("call", "position", "pk"), person
    ),
    _themes,
    "id",
    _("Put together and answered by the team of the project."),
)


# --- stars -----------------------------------------------------------------------------------------------------------
STARS = range(1, 6)


def _rated(person: Any) -> QuerySet[Any]:
    seen = Rating.objects.counted().filter(project__in=Project.objects.visible_to(person)).order_by()
    by_stars = {f"stars{n}": Count("pk", filter=Q(stars=n)) for n in STARS}
    rows = seen.values("project__code", "project__demo").annotate(n=Count("pk"), sum=Sum("stars"), **by_stars)
    return rows.order_by("project__code")


def _taken(name: str) -> Any:
    return lambda row: row[name]


def _average(row: Any) -> Decimal:
    return (Decimal(row["sum"]) / row["n"]).quantize(Decimal("0.01"))


RATINGS = Table(
    "ratings",
    _("Ratings"),
    _("What visitors think of projects: one row for each project that was rated."),
    (
        Column("project", _("Project"), "code", _taken("project__code"), refers="projects.code"),
        Column("ratings", _("Number of ratings"), "whole", _taken("n"), unit=_("ratings")),
        Column("average", _("Average"), "decimal", _average, unit=_("stars, 1 to 5")),
        *(
            Column(
                f"stars{n}",
                format_lazy(_("Ratings with {n} of 5 stars"), n=n),
                "whole",
                _taken(f"stars{n}"),
                unit=_("ratings"),
            )
            for n in STARS
        ),
        Column("demo", DEMO.label, "yes_no", _taken("project__demo"), about=DEMO.about),
    ),
    _rated,
    lambda rows: rows,
    "project",
    _("Given by visitors of the portal, one rating for each visitor and project."),
)
