"""The order of an agenda: numbers follow from places, items move, and none shows more than the one above it."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import derive, hold, keep
from projects.models import AgendaItem, Meeting, Phase, Resolution
from projects.models.items import MOST_ITEMS

DEEPEST = 5
"""How many items may stand under one another; 1.1.1.1.1 is more than any minutes need."""
MOVES = ("up", "down", "in", "out")
"""Where an item can go by one step: before or after its neighbour, under the one before it, beside the one above."""


def require_open(meeting: Meeting) -> None:
    """Raises ValidationError once the minutes are adopted: what was adopted stays as it is."""
    if meeting.phase == Phase.ADOPTED:
        raise ValidationError(
            _("The minutes of this meeting are adopted. Open them again before you change them."), code="moment"
        )


class Tree:
    """The items of one meeting by what they stand under, each row in its order."""

    def __init__(self, meeting: Meeting) -> None:
        self.items = {item.pk: item for item in AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk")}
        self.below: dict[int | None, list[AgendaItem]] = defaultdict(list)
        for item in self.items.values():
            self.below[item.parent_id].append(item)

    def above(self, item: AgendaItem) -> AgendaItem | None:
        """What it stands under."""
        return self.items.get(item.parent_id) if item.parent_id else None

    def depth(self, pk: int | None) -> int:
        """How deep the row stands; 0 for what is under nothing, and for nothing itself."""
        deep = 0
        while pk is not None:
            deep, pk = deep + 1, self.items[pk].parent_id
        return deep

    def height(self, pk: int) -> int:
        """How many rows stand under one another from here on, itself counted."""
        return 1 + max((self.height(item.pk) for item in self.below[pk]), default=0)

    def under(self, pk: int) -> list[AgendaItem]:
        """Everything below, the nearer first."""
        found = list(self.below[pk])
        for item in found:
            found += self.below[item.pk]
        return found


def renumber(meeting: Meeting) -> None:
    """Writes the places and numbers that follow from the tree; what follows leaves no trace in the history.

    Resolutions count on after the items beside them: with 1.1 and 1.2 under 1, its first resolution is 1.3.
    """
    tree = Tree(meeting)
    decided: dict[int, list[Resolution]] = defaultdict(list)
    for row in Resolution.objects.filter(meeting=meeting).order_by("position", "pk"):
        decided[row.item_id].append(row)
    items, resolutions = [], []

    def count(parent: AgendaItem | None) -> None:
        start = f"{parent.number}." if parent else ""
        below = tree.below[parent.pk if parent else None]
        for place, item in enumerate(below, start=1):
            if (item.position, item.number) != (place, f"{start}{place}"):
                item.position, item.number = place, f"{start}{place}"
                items.append(item)
            count(item)
        for place, row in enumerate(decided[parent.pk] if parent else [], start=len(below) + 1):
            if row.number != f"{start}{place}":
                row.number = f"{start}{place}"
                resolutions.append(row)

    count(None)
    derive(items, ["position", "number"])
    derive(resolutions, ["number"])


def place(part: AgendaItem | Resolution, meeting: Meeting, above: AgendaItem | None) -> dict[str, Any]:
    """The place and, until `renumber` writes the one that follows, the number of what is added under `above`.

    Raises ValidationError when the agenda is full or the place is too deep.
    """
    if isinstance(part, Resolution):
        last = Resolution.objects.filter(item=above).order_by("-position").first()
        return {"position": last.position + 1 if last else 1, "number": "-"}
    tree = Tree(meeting)
    if len(tree.items) >= MOST_ITEMS:
        sentence = _("An agenda holds at most %(most)d items.")
        raise ValidationError({"title_th": ValidationError(sentence, params={"most": MOST_ITEMS})})
    _require_depth(tree, above.pk if above else None, tree.height(part.pk) if part.pk else 1, "parent")
    return {"position": len(tree.below[above.pk if above else None]) + 1, "number": "-"}


def _require_depth(tree: Tree, above: int | None, height: int, field: str) -> None:
    if tree.depth(above) + height > DEEPEST:
        sentence = _("Items stand at most %(most)d deep. Choose a place further up.")
        raise ValidationError({field: ValidationError(sentence, code="deep", params={"most": DEEPEST})})


def settle_shown(item: AgendaItem, *, by: User) -> None:
    """What stands under the item shows no more than it does.

    Raises ValidationError at `shown` when the item itself shows more than the one above it.
    """
    tree = Tree(item.meeting)
    above = tree.above(item)
    if above and item.shown > above.shown:
        sentence = _("The item above shows less than this. Show more of %(number)s first.")
        raise ValidationError({"shown": ValidationError(sentence, params={"number": above.number})})
    for below in tree.under(item.pk):
        if below.shown > item.shown:
            keep(below, "show_less", by=by, shown=item.shown)


@transaction.atomic
def move(item: AgendaItem, *, by: User, to: str = "", under: AgendaItem | None = None, at: int = 0) -> AgendaItem:
    """Moves an item by one step (`to` is one of MOVES), or `under` another (None: the top) to the place `at` (from 1).

    Its version stays, so that nobody who writes its minutes meanwhile is disturbed. A step that leads nowhere leaves
    everything as it is. Raises ValidationError when the minutes are adopted, and when the place is below the item
    itself, too deep, or shows less to the public than the item does.
    """
    require_desk(by)
    meeting = hold(item.meeting)
    held = hold(item)
    require_open(meeting)
    tree = Tree(meeting)
    moved = tree.items[held.pk]
    target = _step(tree, moved, to) if to else (under.pk if under else None, at)
    if target is None or target == (moved.parent_id, moved.position):
        return held
    above, wanted = target
    if above is not None and (above not in tree.items or above in {held.pk, *(row.pk for row in tree.under(held.pk))}):
        raise ValidationError(_("An item cannot stand under itself."), code="moment")
    if above != moved.parent_id:
        _require_depth(tree, above, tree.height(held.pk), NON_FIELD_ERRORS)
        if above is not None and tree.items[above].shown < moved.shown:
            sentence = _("%(number)s shows the public less than this item does. Change that first.")
            raise ValidationError(sentence, code="moment", params={"number": tree.items[above].number})
    siblings = [row for row in tree.below[above] if row.pk != held.pk]
    wanted = min(max(wanted, 1), len(siblings) + 1)
    for position, row in enumerate([*siblings[: wanted - 1], moved, *siblings[wanted - 1 :]], start=1):
        row.position = position
    derive(siblings, ["position"])
    keep(held, "move", by=by, moves_on=False, parent=tree.items[above] if above else None, position=wanted)
    renumber(meeting)
    held.refresh_from_db()
    return held


def _step(tree: Tree, item: AgendaItem, to: str) -> tuple[int | None, int] | None:
    """Where one step leads: the row above and the place there; None when there is no such place."""
    beside = tree.below[item.parent_id]
    place_now = beside.index(item) + 1
    above = tree.above(item)
    if to == "up" and place_now > 1:
        return item.parent_id, place_now - 1
    if to == "down" and place_now < len(beside):
        return item.parent_id, place_now + 1
    if to == "in" and place_now > 1:
        before = beside[place_now - 2]
        return before.pk, len(tree.below[before.pk]) + 1
    if to == "out" and above:
        return above.parent_id, tree.below[above.parent_id].index(above) + 2
    return None
