"""What really happened, as rows of one shape in one query: from the records and their history, never unpublished."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Right, TruncDate
from django.utils import timezone

from agencies.models import User
from govlab.thai import BANGKOK
from govlab.worded import worded
from projects.models import Call, Innovation, Meeting, Phase, ProgressUpdate, Project, PublishState, Theme, UpdateState
from projects.models.meetings import AFTER

COLUMNS = {
    "kind": TextField,
    "pk": TextField,
    "on": DateField,
    "at": DateTimeField,
    "title_th": TextField,
    "title_en": TextField,
    "text_th": TextField,
    "text_en": TextField,
    "numbered": TextField,
    "key": TextField,
    "project": TextField,
    "project_th": TextField,
    "project_en": TextField,
    "agency_th": TextField,
    "agency_en": TextField,
    "stage": IntegerField,
    "demo": BooleanField,
}
ROBOT = ".invalid"
"""Where the address of the documents' loader ends: what it brought in was there before the portal, and is no news."""


def rows(*, most: int, kind: str = "", newest: str = "on", until: datetime | None = None, **narrowed: Any) -> list[Any]:
    """The `most` newest things that happened in one query, the newest first by `on` or by `at`.

    `project` is a code, `cohort` a Buddhist year, `agency` a key. Only what became readable after `since` and up to
    `until` (now when not given). What is not public now is not in it, whoever asks.
    """
    given = {name: value for name, value in {**narrowed, "until": until}.items() if value}
    return _rows(kind, newest, most, today=timezone.localdate(until), **given)


@worded(
    project=TextField(),
    cohort=IntegerField(),
    agency=TextField(),
    since=DateTimeField(),
    until=DateTimeField(),
    today=DateField(),
)
def _rows(
    kind: str, newest: str, most: int, *, today: Any, since: Any = None, until: Any = None, **about: Any
) -> QuerySet[Any]:
    lines = []
    for name, found in _sources(kind, About(**about), today, since, until).items():
        # Chosen by few columns first: of 100,000 records only these few are put together.
        newest_first = found.annotate(as_text=Cast("pk", TextField())).order_by(
            f"-news_{newest}", "-news_at", "as_text"
        )
        chosen = SOURCES[name](EVERYTHING, today).filter(pk__in=newest_first.values("pk")[:most])
        lines.append(_line(chosen, name))
    together = lines[0].union(*lines[1:], all=True)
    return together.order_by(f"-n_{newest}", "-n_at", "n_kind", "n_pk")[:most]


def count(*, kind: str = "") -> int:
    """How many things happened, all together or of one kind; in one query."""
    lines = [found.order_by().values("pk") for found in _sources(kind, EVERYTHING, timezone.localdate()).values()]
    return int(lines[0].union(*lines[1:], all=True).count())


def _sources(kind: str, about: "About", today: Any, since: Any = None, until: Any = None) -> dict[str, QuerySet[Any]]:
    found = {name: make(about, today) for name, make in SOURCES.items() if kind in ("", name)}
    # What is there now was there by now: only another moment needs to be looked at.
    if until:
        found = {name: own.filter(news_at__lte=until) for name, own in found.items()}
    if since:
        found = {name: own.filter(news_at__gt=since) for name, own in found.items()}
    return found


@dataclass(frozen=True)
class About:
    """What the news are narrowed to, as it is or still to be given (`govlab.worded`); nothing: everything."""

    project: Any = ""
    cohort: Any = None
    agency: Any = ""

    @property
    def everything(self) -> bool:
        """Whether nothing was left out."""
        return not (self.project or self.cohort or self.agency)

    def projects(self) -> QuerySet[Any]:
        """The public projects it leaves."""
        found = Project.objects.public()
        if self.project:
            found = found.filter(code=self.project)
        if self.cohort:
            found = found.filter(cohort__year=self.cohort)
        if self.agency:
            found = found.filter(pk__in=Project.objects.filter(parts__agency__key=self.agency).values("pk"))
        return found.order_by().values("pk")

    def narrow(self, found: QuerySet[Any], of_project: str, of_agency: str = "") -> QuerySet[Any]:
        """The records about these projects, or by the agency itself."""
        if self.everything:
            return found
        model = found.model._base_manager
        ways = [Q(**{f"{of_project}__in": self.projects()})]
        if self.agency and of_agency and not (self.project or self.cohort):
            ways.append(Q(**{f"{of_agency}__key": self.agency}))
        return found.filter(reduce(or_, (Q(pk__in=model.filter(way).values("pk")) for way in ways)))


EVERYTHING = About()


# --- when everybody could first read of it ----------------------------------------------------------------------------
def _first(model: Any, **state: Any) -> Subquery:
    """The moment of the first history row in which the record was so; none when the documents' loader made it so."""
    told = model.history.model.objects.filter(id=OuterRef("pk"), **state).order_by("history_date", "history_id")
    # Not LIKE: for its parameter SQLite plans the whole statement anew each time, which takes longer than running it.
    robots = User.objects.alias(ending=Right("email", len(ROBOT))).filter(ending=ROBOT)
    when = Case(
        When(history_user__in=robots.values("pk"), then=Value(None)),
        default=F("history_date"),
        output_field=DateTimeField(),
    )
    return Subquery(told.values(told_at=when)[:1], output_field=DateTimeField())


def _midnight(column: str) -> ExpressionWrapper:
    """When the day began in Bangkok: the database takes its midnight for that of Greenwich."""
    return ExpressionWrapper(Cast(F(column), DateTimeField()) - Value(BANGKOK.utcoffset(None)), DateTimeField())


def _updates(about: About, today: Any) -> QuerySet[Any]:
    found = ProgressUpdate.objects.public().filter(state=UpdateState.APPROVED)
    told = found.annotate(news_at=Coalesce("reviewed_at", "updated_at"))
    return about.narrow(told, "project", "agency").annotate(news_on=Coalesce("happened_on", TruncDate("news_at")))


def _meetings(about: About, today: Any) -> QuerySet[Any]:
    found = Meeting.objects.public().filter(phase__in=AFTER)
    told = found.annotate(
        news_at=Coalesce(_first(Meeting, state=PublishState.PUBLISHED, phase__in=[*AFTER]), _midnight("starts_on"))
    )
    return about.narrow(told, "projects", "hosts").annotate(news_on=F("starts_on"))


def _minutes(about: About, today: Any) -> QuerySet[Any]:
    found = Meeting.objects.public().filter(phase=Phase.ADOPTED).exclude(adopted_on=None)
    told = found.annotate(
        news_at=Coalesce(_first(Meeting, state=PublishState.PUBLISHED, phase=Phase.ADOPTED), _midnight("adopted_on"))
    )
    return about.narrow(told, "projects", "hosts").annotate(news_on=F("adopted_on"))


def _published(model: Any, found: QuerySet[Any]) -> QuerySet[Any]:
    """Those that staff published; what was filled in without a history is not even looked at."""
    by_staff = model.history.model.objects.filter(history_change_reason="publish")
    told = found.filter(pk__in=by_staff.values("id")).annotate(news_at=_first(model, state=PublishState.PUBLISHED))
    return told.exclude(news_at=None).annotate(news_on=TruncDate("news_at"))


def _projects(about: About, today: Any) -> QuerySet[Any]:
    return _published(Project, about.narrow(Project.objects.public(), "pk"))


def _innovations(about: About, today: Any) -> QuerySet[Any]:
    return _published(Innovation, about.narrow(Innovation.objects.public(), "project", "agency"))


def _calls(about: About, today: Any) -> QuerySet[Any]:
    """Those that have opened; the moment is the later one of opening and publishing."""
    found = Call.objects.public().filter(opens_on__lte=today)
    published, opened = _first(Call, state=PublishState.PUBLISHED), _midnight("opens_on")
    told = found.annotate(news_at=Greatest(Coalesce(published, opened), opened))
    return about.narrow(told, "project").annotate(news_on=TruncDate("news_at"))


def _themes(about: About, today: Any) -> QuerySet[Any]:
    found = Theme.objects.filter(shown=True, call__in=Call.objects.public())
    told = found.annotate(news_at=Coalesce(_first(Theme, shown=True), F("updated_at")))
    return about.narrow(told, "call__project").annotate(news_on=TruncDate("news_at"))


SOURCES = {
    "update": _updates,
    "meeting": _meetings,
    "minutes": _minutes,
    "project": _projects,
    "innovation": _innovations,
    "call": _calls,
    "theme": _themes,
}
BOTH = ("th", "en")
EMPTY: dict[str, Any] = {name: Value("") for name, field in COLUMNS.items() if field is TextField}


def _two(to: str, of: str) -> dict[str, Any]:
    return {f"{to}_{language}": F(f"{of}_{language}") for language in BOTH}


def _series_or_title(language: str) -> Case:
    """The name of a committee's series, which its meetings are called after; else the meeting's own title."""
    return Case(
        When(series=None, then=F(f"title_{language}")),
        default=F(f"series__name_{language}"),
        output_field=TextField(),
    )


MEETING = {
    "numbered": Case(
        When(series=None, then=Value("")),
        default=Concat("number", Value("/"), "year", output_field=TextField()),
        output_field=TextField(),
    ),
    **{f"title_{language}": _series_or_title(language) for language in BOTH},
    **_two("text", "theme"),
    "key": F("key"),
}
TOLD: dict[str, dict[str, Any]] = {
    "update": {
        "title_th": F("title"),
        "text_th": F("text"),
        "key": F("project__code"),
        "project": F("project__code"),
        "stage": F("stage_number"),
        **_two("project", "project__title"),
        **_two("agency", "agency__name"),
    },
    "meeting": MEETING,
    "minutes": MEETING,
    "project": {**_two("title", "title"), **_two("text", "focus"), "key": F("code"), "project": F("code")},
    "innovation": {**_two("title", "title"), **_two("text", "about"), "key": F("pk")},
    "call": {
        **_two("title", "question"),
        **_two("text", "about"),
        "key": F("pk"),
        "project": F("project__code"),
        **_two("project", "project__title"),
    },
    "theme": {
        **_two("title", "title"),
        **_two("text", "answer"),
        "key": F("call_id"),
        "project": F("call__project__code"),
        **_two("project", "call__project__title"),
    },
}
"""Where each kind has its columns."""


def _line(found: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """The records as rows of one shape; typed even where empty, as PostgreSQL puts no untyped NULL over a number."""
    told = {**EMPTY, "stage": Value(None), **TOLD[kind], "kind": Value(kind), "pk": F("pk"), "demo": F("demo")}
    told |= {"on": F("news_on"), "at": F("news_at")}
    shaped = {f"n_{name}": Cast(told[name], field()) for name, field in COLUMNS.items()}
    return found.order_by().annotate(**shaped).values(*shaped)
