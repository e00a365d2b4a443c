"""What the ledger is filtered by, on the desk, for the public and in the API: assignments, and what asks nothing."""

from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, ExtractDay, ExtractMonth, ExtractYear
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from govlab.filters import Choice, Filters, Words, holding
from govlab.gather import TITLE, Line, line, short_name
from projects.ledger_words import asking_for
from projects.models import AgendaItem, Assignment, AssignmentState, Meeting, MeetingSeries, Project, Resolution
from projects.models.assignments import NOT_DONE

SOON = 30
"""Days within which what is due counts as due soon."""
AGES: dict[str, tuple[int, int | None]] = {
    "0-30": (0, 30),
    "31-90": (31, 90),
    "91-180": (91, 180),
    "181-365": (181, 365),
    "366-": (366, None),
}
"""The buckets of age, each from and to so many days since the agency was told."""
NAMES = {"name_th": "name_th", "name_en": "name_en"}
WAITING, UNFINISHED = "waiting", "unfinished"
STATES = [
    (WAITING, _("Waits for OPDC")),
    (UNFINISHED, _("Everything not closed")),
    *AssignmentState.choices,
]
DUE = [("yes", _("Overdue")), ("soon", _("Due within 30 days")), ("none", _("No due date"))]


def age_label(key: str) -> str:
    """A bucket of age in words."""
    first, last = AGES[key]
    if last is None:
        return gettext("more than %(days)s days") % {"days": first - 1}
    return gettext("%(first)s–%(last)s days") % {"first": first, "last": last}


def aged(key: str, on: date) -> QuerySet[Assignment]:
    """Those that are open and were given so many days before this day."""
    first, last = AGES[key]
    rows = Assignment.objects.given().unfinished().filter(meeting__starts_on__lte=on - timedelta(first))
    return rows if last is None else rows.filter(meeting__starts_on__gte=on - timedelta(last))


class LedgerFilter(Filters):
    """What assignments and resolutions have in common: words, series, meeting, agency, project.

    Projects are offered as far as the `person` sees them, meetings where the person sees what they resolved or asked:
    an agency knows of the meeting that asked it something before the public does. Nobody given, what everybody sees.
    """

    q = Words(method="with_words")
    series = Choice(label=_("Series"), field_name="meeting__series__key")
    meeting = Choice(label=_("Meeting"), field_name="meeting__key")
    agency = Choice(label=_("Agency"), method="of_agency")
    project = Choice(label=_("Project"), method="about_project")

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        request = kwargs.get("request")
        self.person = person if person is not None else getattr(request, "user", None)
        super().__init__(*args, **kwargs)

    def offers(self) -> list[QuerySet[Any]]:
        """Every series and agency, the meetings that resolved or asked something, the projects it was about."""
        asked = Assignment.objects.visible_to(self.person)
        resolved = Resolution.objects.visible_to(self.person)
        here = Q(Exists(resolved.filter(meeting=OuterRef("pk")))) | Q(Exists(asked.filter(meeting=OuterRef("pk"))))
        meetings = Meeting.objects.filter(here)
        day = ExtractYear("starts_on") * 10_000 + ExtractMonth("starts_on") * 100 + ExtractDay("starts_on")
        number = Concat(Cast("number", CharField()), Value("/"), Cast("year", CharField()))
        series = {f"more_{of}": Coalesce(f"series__name_{of}", Value("")) for of in ("th", "en")}
        named = Assignment.projects.through.objects.filter(assignment__in=asked).values("project")
        raised = AgendaItem.projects.through.objects.filter(agendaitem__in=resolved.values("item")).values("project")
        about = Project.objects.visible_to(self.person).filter(Q(pk__in=named) | Q(pk__in=raised))
        return [
            line(MeetingSeries.objects.all(), "series", key="key", **NAMES, place="position"),
            line(meetings, "meeting", key="key", **TITLE, **series, url=number, place=-day),
            line(Agency.objects.all(), "agency", **short_name()),
            line(about, "project", key="code", **TITLE),
        ]

    def with_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that the search finds by these words."""
        return holding(queryset, value)

    def label(self, choice: Line) -> str:
        """A meeting by its series and number, a project by its code and title, the others by their names."""
        name = super().label(choice)
        if choice.of == "meeting" and len(choice.url) > 1:
            numbered = gettext("Meeting %(number)s") % {"number": choice.url}
            series = super().label(choice._replace(name_th=choice.more_th, name_en=choice.more_en, key=""))
            return f"{series} {numbered}".strip()
        return f"{choice.key} {name}" if choice.of == "project" else name


class AssignmentFilter(LedgerFilter):
    """Assignments also by state, by when they are due and by how old they are, on the day `on` (today unless given)."""

    state = Choice(label=_("State"), choices=STATES, method="in_state")
    late = Choice(label=_("Due date"), choices=DUE, method="due")
    age = Choice(label=_("Open for"), choices=[(key, lazy(age_label, str)(key)) for key in AGES], method="of_age")

    def __init__(self, *args: Any, on: date | None = None, **kwargs: Any) -> None:
        self.on = on or timezone.localdate()
        super().__init__(*args, **kwargs)

    def with_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that hold every word in what is asked, in a resolution the person sees, or in the agency's name."""
        return queryset.filter(asking_for(value, self.person))

    def of_agency(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that the agency is asked to do, alone or with others; each once."""
        partners = Agency.objects.filter(key=value).values("shared_assignments")
        return queryset.filter(Q(agency__key=value) | Q(pk__in=partners))

    def about_project(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that concern the project, themselves or with the agenda item they come from; each once."""
        project = Project.objects.filter(code=value)
        asked = Q(pk__in=project.values("assignments"))
        return queryset.filter(asked | Q(resolution__item__in=project.values("agenda_items")))

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those in the state, those that wait for staff, or all that are not closed."""
        groups = {WAITING: Assignment.objects.waiting(), UNFINISHED: Assignment.objects.unfinished()}
        return queryset.filter(pk__in=groups[value].values("pk")) if value in groups else queryset.filter(state=value)

    def due(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that are overdue, due soon, or have no due date; what is done is none of these."""
        late = Assignment.objects.late(self.on)
        if value == "yes":
            return queryset.filter(pk__in=late.values("pk"))
        undone = queryset.filter(state__in=NOT_DONE)
        if value == "none":
            return undone.filter(due_on=None)
        return undone.filter(due_on__range=(self.on, self.on + timedelta(SOON)))

    def of_age(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that are open and were given so many days ago."""
        return queryset.filter(pk__in=aged(value, self.on).values("pk"))

    def of_any_age(self) -> QuerySet[Any]:
        """The rows as filtered by everything else: what the chart of ages counts."""
        rows = self.queryset.all()
        if self.is_bound:
            asked: Any = self.form
            asked.is_valid()
            for name, value in asked.cleaned_data.items():
                rows = rows if name == "age" else self.filters[name].filter(rows, value)
        return rows


class OpinionFilter(LedgerFilter):
    """Resolutions that ask nothing of anybody."""

    def of_agency(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that concern the agency; each once."""
        return queryset.filter(pk__in=Agency.objects.filter(key=value).values("resolutions"))

    def about_project(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those of agenda items about the project."""
        return queryset.filter(item__in=Project.objects.filter(code=value).values("agenda_items"))
