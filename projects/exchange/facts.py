"""The facts file: brings the documents' facts in through the rules, and leaves alone what people changed since."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from agencies.models import Agency, Source, User
from agencies.rules import records
from projects.exchange.columns import NATURAL_KEYS
from projects.models import (
    AgendaItem,
    Assignment,
    Cohort,
    Facet,
    Innovation,
    InnovationType,
    Lab,
    LoadedFact,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSeries,
    MeetingSession,
    Principle,
    Project,
    ProjectAgency,
    Resolution,
    ServiceField,
)
from projects.models.base import Published
from projects.models.lookups import Lookup
from projects.models.meetings import MeetingPart
from projects.rules import meetings, projects, publishing, series

FILE = Path(__file__).resolve().parent.parent / "facts" / "govlab.yaml"
EMAIL = "facts@govlab.invalid"


@dataclass(frozen=True)
class Kind:
    """One list of the file: where it stands, what it becomes, which columns it fills, what stands below each entry."""

    name: str
    model: type[Any]
    columns: tuple[str, ...]
    key: str = ""
    """The column that names an entry; without one its place in the list does."""
    above: str = ""
    """The column that points to the entry it stands under."""
    parts: tuple["Kind", ...] = ()


def _both(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{language}" for name in names for language in ("th", "en"))


LOOKUP = ("key", *_both("name", "about"), "sources")
ASSIGNMENTS = Kind("assignments", Assignment, (*_both("text"), "agency", "partners"), above="resolution")
RESOLUTIONS = Kind(
    "resolutions", Resolution, (*_both("text"), "concerns"), "number", above="item", parts=(ASSIGNMENTS,)
)
KINDS = (
    Kind("sources", Source, ("key", *_both("title", "publisher"), "published_on", "url"), "key"),
    Kind("agencies", Agency, ("key", *_both("name", "short"), "kind", "parent", "sources"), "key"),
    Kind("how_it_works", Principle, LOOKUP, "key"),
    Kind("labs", Lab, LOOKUP, "key"),
    Kind("types", InnovationType, LOOKUP, "key"),
    Kind("facets", Facet, LOOKUP, "key"),
    Kind("fields", ServiceField, LOOKUP, "key"),
    Kind("series", MeetingSeries, LOOKUP, "key"),
    Kind("cohorts", Cohort, ("year", "supported_by", "sources"), "year"),
    Kind(
        "projects",
        Project,
        ("code", "cohort", *_both("title"), "field", *_both("focus", "aim"), "sources"),
        "code",
        parts=(Kind("agencies", ProjectAgency, ("agency", "part"), "agency"),),
    ),
    Kind(
        "meetings",
        Meeting,
        (
            *("key", "kind", "series", "number", "year", *_both("title", "theme", "format"), "starts_on", "ends_on"),
            *("starts_at", *_both("place", "attendance"), "hosts", "projects", "sources"),
        ),
        "key",
        parts=(
            Kind("people", MeetingPerson, (*_both("name", "role"), "agency", "also_written")),
            Kind("sessions", MeetingSession, _both("title")),
            Kind("points", MeetingPoint, ("country", *_both("text"))),
            Kind("agenda", AgendaItem, (*_both("title"), "presented_by"), "number", parts=(RESOLUTIONS,)),
            ASSIGNMENTS,
        ),
    ),
    Kind("innovations", Innovation, (*_both("title", "about"), "agency", "country", "types", "sources"), "key"),
)


@dataclass
class Report:
    """What a loading did; `kept` names the facts that people changed and the file therefore did not touch."""

    added: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)


def robot() -> User:
    """Who the history names for what came from the file; nobody can sign in as it."""
    user = User.objects.filter(email=EMAIL).first()
    return user or User.objects.create_user(EMAIL, name="ข้อมูลจากเอกสารต้นทาง", is_staff=True)


@transaction.atomic
def load(path: Path = FILE) -> Report:
    """Brings the file in: adds what is new, changes what the file changed, leaves what people changed."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    loading = Loading(robot())
    for kind in KINDS:
        loading.take_list(kind, data.get(kind.name, []), kind.name)
    return loading.report


@dataclass
class Loading:
    """One loading: in whose name, and what it did so far."""

    by: User
    report: Report = field(default_factory=Report)

    def take_list(self, kind: Kind, entries: list[dict[str, Any]], path: str, above: Any = None) -> None:
        """Every entry of a list, and what stands below each."""
        for place, entry in enumerate(entries, start=1):
            name = f"{path}/{entry[kind.key] if kind.key else place}"
            in_file = {column: _plain(entry.get(column)) for column in kind.columns}
            loaded = LoadedFact.objects.filter(name=name).first()
            if loaded is None:
                thing = self.take_new(kind, in_file, name, above)
            else:
                thing = self.take_known(kind, in_file, loaded)
            if thing:
                for part in kind.parts:
                    self.take_list(part, entry.get(part.name, []), f"{name}/{part.name}", thing)

    def take_new(self, kind: Kind, in_file: dict[str, Any], name: str, above: Any) -> Any:
        """An entry that was never loaded; a record that people made with its natural key stays as they made it."""
        thing = _known(kind, in_file)
        if thing is None:
            thing = _add(kind, _answers(kind, in_file), above, self.by)
            self.report.added += 1
        else:
            self.report.kept.append(f"{name}: was there before the file")
        # What people wrote differs from the file's word and so counts as theirs, the next time too.
        LoadedFact.objects.create(name=name, object_id=str(thing.pk), values=in_file)
        return thing

    def take_known(self, kind: Kind, in_file: dict[str, Any], loaded: LoadedFact) -> Any:
        """An entry that was loaded before; None when people removed its record."""
        thing = kind.model._default_manager.filter(pk=loaded.object_id).first()
        if thing is None:
            self.report.kept.append(f"{loaded.name}: removed by people")
            return None
        now = _values(kind, thing)
        edited = [column for column in kind.columns if now[column] != _same(loaded.values.get(column), now[column])]
        self.report.kept += [f"{loaded.name}: {column} was changed by people" for column in edited]
        fresh = {
            column: value
            for column, value in in_file.items()
            if column not in edited and _same(value, now[column]) != now[column]
        }
        if not fresh:
            self.report.same += 1
            return thing
        loaded.values = {**loaded.values, **fresh}
        loaded.save()
        self.report.changed += 1
        return _edit(kind, thing, _answers(kind, fresh), self.by)


def _known(kind: Kind, in_file: dict[str, Any]) -> Any:
    """A record with the same natural key that people made before the file was loaded."""
    column = NATURAL_KEYS.get(kind.model)
    return column and kind.model._default_manager.filter(**{column: in_file[column]}).first()


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()[:10] if isinstance(value, dt.date) else value.isoformat("minutes")
    return sorted(value, key=str) if isinstance(value, list) else value


def _same(value: Any, like: Any) -> Any:
    """Nothing stated is the same as an empty text or list."""
    return like if value in (None, "", []) and like in (None, "", []) else value


def _values(kind: Kind, thing: Any) -> dict[str, Any]:
    """The record's columns as the file would state them: related records by their natural keys."""
    values = {}
    for column in kind.columns:
        described = kind.model._meta.get_field(column)
        value = getattr(thing, column)
        if described.many_to_many:
            value = list(value.values_list(NATURAL_KEYS[described.related_model], flat=True))
        elif described.is_relation and value is not None:
            value = getattr(value, NATURAL_KEYS[described.related_model])
        values[column] = _plain(value)
    return values


def _answers(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """The file's values as rules take them: related records found by their natural keys."""
    return dict(_answer(kind, column, value) for column, value in values.items())


def _answer(kind: Kind, column: str, value: Any) -> tuple[str, Any]:
    described = kind.model._meta.get_field(column)
    if described.many_to_many:
        rows = described.related_model._default_manager.filter(
            **{f"{NATURAL_KEYS[described.related_model]}__in": value or []}
        )
        if len(rows) != len(value or []):
            raise LookupError(f"{kind.name}: {column} names something that is not in the file: {value}")
        return column, list(rows)
    if value is None:
        return column, None if described.null else described.get_default()
    if described.is_relation:
        return column, described.related_model._default_manager.get(**{NATURAL_KEYS[described.related_model]: value})
    return column, described.to_python(value)


def _add(kind: Kind, answers: dict[str, Any], above: Any, by: User) -> Any:
    if kind.model is Project:
        thing: Any = projects.add(by=by, **answers)
    elif kind.model is ProjectAgency:
        thing = projects.add_part(above, by=by, **answers)
    elif issubclass(kind.model, MeetingPart):
        meeting = above if isinstance(above, Meeting) else above.meeting
        under = {} if above is meeting else {kind.above: above}
        thing = meetings.add_part(kind.model, by=by, meeting=meeting, **under, **answers)
    elif kind.model is Meeting:
        thing = meetings.add(by=by, **answers)
    elif kind.model is MeetingSeries:
        thing = series.add(by=by, position=MeetingSeries.objects.count() + 1, **answers)
    elif issubclass(kind.model, Lookup):
        thing = records.add(kind.model, by=by, position=kind.model._default_manager.count() + 1, **answers)
    else:
        thing = records.add(kind.model, by=by, **answers)
    return publishing.publish(thing, by=by) if isinstance(thing, Published) else thing


def _edit(kind: Kind, thing: Any, answers: dict[str, Any], by: User) -> Any:
    if kind.model is Project:
        answers = {"code": thing.code, "cohort": thing.cohort, **answers}
        return projects.edit(thing, by=by, version=thing.version, **answers)
    if kind.model is Meeting:
        return meetings.edit(thing, by=by, version=thing.version, **answers)
    if issubclass(kind.model, MeetingPart):
        return meetings.edit_part(thing, by=by, version=thing.version, **answers)
    return records.edit(thing, by=by, version=thing.version, **answers)
