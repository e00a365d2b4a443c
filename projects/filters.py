"""What projects, meetings, resolutions, innovations and agencies are filtered by, on pages and in the API alike."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear, Length
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agencies.filters import AgencyFilter
from agencies.models import Agency
from govlab.filters import UNKNOWN, Choice, Filters, Several, Words
from govlab.gather import TITLE, Line, line, short_name
from govlab.templatetags.thai import year
from govlab.thai import be_year
from projects.ledger_filters import AssignmentFilter, OpinionFilter
from projects.models import (
    Assignment,
    Cohort,
    Facet,
    InnovationType,
    Lab,
    MeetingKind,
    MeetingSeries,
    Project,
    PublishState,
    ServiceField,
    Stage,
    StageNumber,
)
from projects.models.countries import country_name
from projects.models.provinces import PROVINCES

__all__ = [
    "AgencyFilter",
    "AssignmentFilter",
    "InnovationFilter",
    "MeetingFilter",
    "OpinionFilter",
    "ProjectFilter",
    "ResolutionFilter",
    "TableFilter",
]

STAGES = [
    (UNKNOWN, _("No data yet")),
    ("0", _("Not started")),
    *((str(number), format_lazy("{}. {}", number, label)) for number, label in StageNumber.choices),
    ("5", _("All stages done")),
]
BY_CODE = ("cohort__year", Length("code"), "code")  # GL2562-2 before GL2562-10
ORDERS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "code": (_("Code"), BY_CODE),
    "-code": (_("Code, last first"), ("-cohort__year", Length("code").desc(), "-code")),
    "title": (_("Title"), ("sort_key", "code")),
    "cohort": (_("Cohort, newest first"), ("-cohort__year", *BY_CODE[1:])),
    "stage": (_("Stage, furthest first"), (F("current_stage").desc(nulls_last=True), *BY_CODE)),
    "updated": (_("Changed last"), ("-updated_at", "code")),
}


def _agencies() -> QuerySet[Any]:
    """Every agency as a choice, under its short name."""
    return line(Agency.objects.all(), "agency", **short_name())


def _lookup(model: type[Any], name: str) -> QuerySet[Any]:
    """Every row of a short list as a choice, in the order that staff gave it."""
    return line(model.objects.all(), name, key="key", name_th="name_th", name_en="name_en", place="position")


class Within(Choice):
    """Rows of an agency and of all below it, however deep; offers, as `_above()`, those that have some below."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows, each once."""
        if not value:
            return qs
        found = qs.model._base_manager.filter(**{f"{self.field_name}__in": Agency.objects.within(value)})
        return qs.filter(pk__in=found.values("pk"))


def _above() -> QuerySet[Any]:
    """Every agency with others below it as a choice, under its short name."""
    above = Agency.objects.filter(pk__in=Agency.objects.exclude(parent=None).values("parent"))
    return line(above, "within", **short_name())


class ProjectFilter(Filters):
    """Projects by words and facets, several values of one facet at a time; their order.

    The facets: cohort (Buddhist year), stage, field, innovation type, agency with any part, lab, facet of innovation,
    province (two digits, TIS 1099). All but cohort and agency know `unknown`: nobody stated it.
    """

    q = Words()
    cohort = Several(label=_("Cohort"), field_name="cohort__year")
    stage = Several(label=_("Stage"), choices=STAGES, field_name="current_stage")
    field = Several(label=_("Field of service"), field_name="field__key", unstated=_("Not stated"))
    type = Several(label=_("Innovation type"), field_name="types__key", unstated=_("Not stated"))
    agency = Several(label=_("Agency"), field_name="agencies__key")
    within = Within(label=_("Body with all agencies under it"), field_name="agencies")
    lab = Several(label=_("Laboratory"), field_name="labs__key", unstated=_("Not stated"))
    facet = Several(label=_("Facet of innovation"), field_name="facets__key", unstated=_("Not stated"))
    province = Several(label=_("Province"), choices=PROVINCES, field_name="province", unstated=_("Not stated"))
    order = Choice(
        label=_("Order"),
        empty_label=_("Usual"),
        choices=[(key, label) for key, (label, _columns) in ORDERS.items()],
        method="in_order",
    )

    same_for_all = True

    def offers(self) -> list[QuerySet[Any]]:
        """Cohorts newest first, the lookups in the order that staff gave them, agencies by name."""
        return [
            line(Cohort.objects.all(), "cohort", key="year", place=-F("year")),
            _lookup(ServiceField, "field"),
            _lookup(InnovationType, "type"),
            _lookup(Lab, "lab"),
            _lookup(Facet, "facet"),
            _agencies(),
            _above(),
        ]

    def label(self, choice: Line) -> str:
        """A cohort by its year in the era of the language, the others by their names."""
        return year(int(choice.key)) if choice.of == "cohort" else super().label(choice)

    def in_order(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The rows in the order asked for."""
        return queryset.order_by(*ORDERS[value][1])


class TableFilter(ProjectFilter):
    """As everywhere, and by what the desk and programs ask: visibility and late stages. `today` is the day it is."""

    state = Choice(label=_("Visibility"), choices=PublishState.choices)
    late = Choice(label=_("Deadlines"), choices=[("yes", _("Late ones only"))], method="only_late")

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        self.today = today or timezone.localdate()
        super().__init__(*args, **kwargs)

    def only_late(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those with a stage that should have ended before today."""
        return queryset.filter(pk__in=Stage.objects.late(self.today).values("project"))


class MeetingFilter(Filters):
    """Meetings by words, kind, year of the first day (Buddhist Era) and series."""

    q = Words()
    kind = Choice(label=_("Kind"), choices=MeetingKind.choices)
    year = Choice(label=_("Year"), method="in_year")
    series = Choice(label=_("Series"), field_name="series__key")

    def offers(self) -> list[QuerySet[Any]]:
        """The years in which a meeting that may be seen began, newest first; every series."""
        years = self.queryset.order_by().values(began=ExtractYear("starts_on")).annotate(last=Max("pk"))
        held = self.queryset.model.objects.filter(pk__in=years.values("last"))
        began = ExtractYear("starts_on") + be_year(0)
        return [
            line(held, "year", key=began, place=-began),
            _lookup(MeetingSeries, "series"),
        ]

    def label(self, choice: Line) -> str:
        """A year in the era of the language, a series by its name."""
        return year(int(choice.key)) if choice.of == "year" else super().label(choice)

    def in_year(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that began in this Buddhist year."""
        return queryset.filter(starts_on__year=int(value) - be_year(0))


class InnovationFilter(Filters):
    """Innovations by words, and by one or several types, countries (two letters) and agencies."""

    q = Words()
    type = Several(label=_("Innovation type"), field_name="types__key", unstated=_("Not stated"))
    country = Several(label=_("Country"))
    agency = Several(label=_("Agency"), field_name="agency__key")
    within = Within(label=_("Body with all agencies under it"), field_name="agency")

    def offers(self) -> list[QuerySet[Any]]:
        """Every type and agency; the countries of the innovations that may be seen."""
        lands = self.queryset.order_by().exclude(country="").values("country").annotate(last=Max("pk"))
        found = self.queryset.model.objects.filter(pk__in=lands.values("last"))
        return [
            line(found, "country", key="country"),
            _lookup(InnovationType, "type"),
            _agencies(),
            _above(),
        ]

    def label(self, choice: Line) -> str:
        """A country by its name in the active language, the others by their own."""
        return country_name(choice.key) if choice.of == "country" else super().label(choice)


OUTCOMES = {
    "none": (_("Nothing asked"), Q(asks=False)),
    "open": (_("Not closed"), Q(unfinished=True)),
    "late": (_("Overdue"), Q(overdue=True)),
    "done": (_("All closed"), Q(asks=True, unfinished=False)),
}
"""How a resolution stands by what it asks; what is overdue is not closed either."""


class ResolutionFilter(Filters):
    """Resolutions by words, series, agency (asked or concerned), project, and how they stand on the day `on`."""

    q = Words()
    series = Choice(label=_("Series"), field_name="meeting__series__key")
    agency = Choice(label=_("Agency asked or concerned"), method="about_agency")
    within = Choice(label=_("Body with all agencies under it"), method="about_any_within")
    project = Choice(label=_("Project"), method="about_project")
    state = Choice(
        label=_("State"), choices=[(key, label) for key, (label, _rows) in OUTCOMES.items()], method="standing"
    )

    def __init__(self, data: Any = None, queryset: Any = None, *, on: date | None = None, **kwargs: Any) -> None:
        work = Assignment.objects.filter(resolution=OuterRef("pk"))
        late = work.late(on or timezone.localdate())
        told = queryset.annotate(asks=Exists(work), unfinished=Exists(work.unfinished()), overdue=Exists(late))
        super().__init__(data, told, **kwargs)
        self.in_any_state = self.queryset

    def offers(self) -> list[QuerySet[Any]]:
        """Every series and agency; the public projects about which something was resolved or asked."""
        named = Q(agenda_items__resolutions__in=self.queryset) | Q(assignments__resolution__in=self.queryset)
        as_a_whole = Assignment.objects.given().filter(resolution=None, meeting__state=PublishState.PUBLISHED)
        named |= Q(assignments__in=as_a_whole)
        about = Project.objects.filter(pk__in=Project.objects.public().filter(named).values("pk"))
        return [
            _lookup(MeetingSeries, "series"),
            _agencies(),
            _above(),
            line(about, "project", key="code", **TITLE),
        ]

    def label(self, choice: Line) -> str:
        """A project by its code and title, the others by their names."""
        return f"{choice.key} {super().label(choice)}" if choice.of == "project" else super().label(choice)

    def about_agency(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that ask the agency, alone or with others, or concern it; each once."""
        return self.about(queryset, Agency.objects.filter(key=value))

    def about_any_within(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that ask or concern the agency or one below it; each once."""
        return self.about(queryset, Agency.objects.within(value))

    def about(self, queryset: QuerySet[Any], agency: QuerySet[Any]) -> QuerySet[Any]:
        """Those that ask one of the agencies, alone or with others, or concern it."""
        asked = Assignment.objects.filter(Q(agency__in=agency) | Q(pk__in=agency.values("shared_assignments")))
        return queryset.filter(
            Q(pk__in=agency.values("resolutions")) | Q(pk__in=asked.exclude(resolution=None).values("resolution"))
        )

    def about_project(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those of agenda items about the project, and those that ask for work on it; each once."""
        project = Project.objects.filter(code=value)
        asked = Assignment.objects.filter(pk__in=project.values("assignments")).exclude(resolution=None)
        return queryset.filter(Q(item__in=project.values("agenda_items")) | Q(pk__in=asked.values("resolution")))

    def standing(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that stand like this; the filter's last step, so `in_any_state` holds what all others left."""
        self.in_any_state = queryset
        return queryset.filter(OUTCOMES[value][1])

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows; and before the state was asked for, all those that are counted by it (`in_any_state`)."""
        rows = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("state"):
            self.in_any_state = rows
        return rows
