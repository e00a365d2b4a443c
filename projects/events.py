"""What a change means to everybody outside: read from the history row it left, and from what is public now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.urls import reverse

from govlab import inside
from govlab.models import Event
from projects.models import (
    AgendaItem,
    Call,
    Indicator,
    Innovation,
    Meeting,
    Phase,
    ProgressUpdate,
    Project,
    ProjectAgency,
    PublishState,
    Resolution,
    Shown,
    Stage,
    Theme,
    Told,
    UpdateState,
)
from projects.models.meetings import AFTER


@dataclass(frozen=True)
class News:
    """One thing to tell: of which kind, and of which record, by its name in the API's address."""

    kind: str
    noun: str
    key: str


@dataclass(frozen=True)
class Noun:
    """A kind of record, and the column by which the API's address names it."""

    model: Any
    key: str = "id"

    def public(self, key: str) -> Any:
        """The record as far as everybody may see it: one row, or none."""
        return self.model.objects.visible_to(AnonymousUser()).filter(**{self.key: key})


NOUNS = {
    "project": Noun(Project, "code"),
    "update": Noun(ProgressUpdate),
    "meeting": Noun(Meeting, "key"),
    "resolution": Noun(Resolution),
    "innovation": Noun(Innovation),
    "call": Noun(Call),
    "theme": Noun(Theme),
}


def record(noun: str, key: str) -> dict[str, Any] | None:
    """The record as the API gives it to a visitor at this moment; None where it is not for them."""
    return inside.read(reverse(f"api:{noun}-detail", args=[key]))


# --- what a history row means ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Turn:
    """What is told when something begins to hold of a record, goes on, and ends; "" where nothing is."""

    noun: str
    model: Any
    holds: Callable[[Any], bool]
    begins: str = ""
    goes_on: str = ""
    ends: str = ""
    within: tuple[str, Any] | None = None
    """The column and the model of the whole: where that is not public, nobody knew of the part."""


def _published(row: Any) -> bool:
    return bool(row.state == PublishState.PUBLISHED)


def _held(row: Any) -> bool:
    return _published(row) and row.phase in AFTER


TURNS = (
    Turn("project", Project, _published, Told.PROJECT_PUBLISHED, Told.PROJECT_CHANGED, Told.PROJECT_HIDDEN),
    Turn(
        "update",
        ProgressUpdate,
        lambda row: row.state == UpdateState.APPROVED,
        Told.UPDATE_APPROVED,
        ends=Told.HIDDEN,
        within=("project_id", Project),
    ),
    Turn("meeting", Meeting, _published, Told.MEETING_PUBLISHED, ends=Told.HIDDEN),
    Turn("meeting", Meeting, lambda row: _published(row) and row.phase == Phase.ADOPTED, Told.MINUTES_ADOPTED),
    Turn("innovation", Innovation, _published, Told.INNOVATION, ends=Told.HIDDEN),
    Turn("call", Call, _published, ends=Told.HIDDEN, within=("project_id", Project)),
    Turn("theme", Theme, lambda row: row.shown, Told.THEME_ANSWERED, ends=Told.HIDDEN, within=("call_id", Call)),
)
PARTS = (Stage, ProjectAgency, Indicator)
"""What belongs to a project and stands in its record."""
SHOWN = Shown.RESOLUTIONS


def told_by(event: Event) -> Iterator[News]:
    """What the change is to everybody: nothing where it concerns what they never saw."""
    model: Any = apps.get_model(event.model)
    entry = model.history.model.objects.filter(pk=event.entry).first()
    if entry is None:
        return
    earlier = model.history.model.objects.filter(id=entry.id, history_id__lt=entry.history_id)
    before = earlier.order_by("-history_id").first()
    after = None if entry.history_type == "-" else entry
    for turn in TURNS:
        if turn.model is model:
            yield from _turned(turn, before, after)
    if model in PARTS:
        project = Project.objects.public().filter(pk=entry.project_id).first()
        if project and _was_public(project, entry.history_date):
            yield News(Told.PROJECT_CHANGED, "project", project.code)
    if model in RESOLVED:
        yield from RESOLVED[model](before, after)


def _was_public(project: Project, at: datetime) -> bool:
    """Whether it was published by then: what changed before is told with its publishing."""
    row = Project.history.filter(id=project.pk, history_date__lte=at).order_by("-history_id").first()
    return bool(row and _published(row))


def _turned(turn: Turn, before: Any, after: Any) -> Iterator[News]:
    was, now = bool(before and turn.holds(before)), bool(after and turn.holds(after))
    kind = {(False, True): turn.begins, (True, True): turn.goes_on, (True, False): turn.ends}.get((was, now), "")
    if not kind:
        return
    noun, named = NOUNS[turn.noun], after or before
    key = str(getattr(named, noun.key))
    if was and not now:
        column, whole = turn.within or ("", None)
        known = whole is None or whole.objects.public().filter(pk=getattr(named, column)).exists()
        if not known:
            return
    if noun.public(key).exists() == now:
        yield News(kind, turn.noun, key)


def _of_meeting(before: Any, after: Any) -> Iterator[News]:
    """Once it was held and is published, what it resolved is known; while it is not, none of it."""
    if after and _held(after) and not (before and _held(before)):
        yield from _all(Told.RESOLUTION, Resolution.objects.filter(meeting=after.id))


def _of_item(before: Any, after: Any) -> Iterator[News]:
    """Its resolutions are known while it shows them."""
    was, now = bool(before and before.shown >= SHOWN), bool(after and after.shown >= SHOWN)
    rows = Resolution.objects.filter(item=(after or before).id)
    if now and not was:
        yield from _all(Told.RESOLUTION, rows)
    elif was and not now:
        known = rows.filter(meeting__state=PublishState.PUBLISHED, meeting__phase__in=AFTER)
        yield from (News(Told.HIDDEN, "resolution", str(pk)) for pk in known.values_list("pk", flat=True))


def _of_resolution(before: Any, after: Any) -> Iterator[News]:
    """Its own text, or that it is gone from an item that shows what is under it."""
    if after is None:
        item = AgendaItem.objects.visible_to(AnonymousUser()).filter(pk=before.item_id if before else None)
        if before and item.filter(shown__gte=SHOWN, meeting__phase__in=AFTER).exists():
            yield News(Told.HIDDEN, "resolution", str(before.id))
    elif before is None or any(getattr(before, name) != getattr(after, name) for name in ("text_th", "text_en")):
        yield from _all(Told.RESOLUTION, Resolution.objects.filter(pk=after.id))


def _all(kind: str, rows: Any) -> Iterator[News]:
    public = rows.visible_to(AnonymousUser()).order_by("pk").values_list("pk", flat=True)
    yield from (News(kind, "resolution", str(pk)) for pk in public)


RESOLVED: dict[type[Model], Callable[[Any, Any], Iterator[News]]] = {
    Meeting: _of_meeting,
    AgendaItem: _of_item,
    Resolution: _of_resolution,
}
"""What resolutions become known by."""
