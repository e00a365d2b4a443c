"""How old what is open has become, as plain numbers for an SVG and a table: bars of age, stacked by how each stands."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from projects.ledger_filters import AGES, age_label
from projects.models import Assignment
from projects.models.assignments import NOT_DONE, WITH_DESK

WIDTH = 640
ROW = 72  # the height of one bar with its words
WORDS, TOP, THICK = 28, 37, 26  # from there: the foot of its words, where the bar begins; and how high it is
NUMBER = 19  # from the top of a bar to the foot of the number in it
ROOM = 34  # a piece narrower than this has no room for its number
KINDS = (("waiting", _("Waits for OPDC")), ("late", _("Overdue")), ("rest", _("Not overdue")))
"""How an open assignment stands, in the order of the pieces; what waits for OPDC counts as nothing else."""


@dataclass(frozen=True)
class Piece:
    """One kind in one bar: how many, and where it is drawn; `middle` is None where its number has no room."""

    kind: str
    count: int
    x: int
    width: int
    middle: int | None


@dataclass(frozen=True)
class Bar:
    """The assignments of one age; `counts` has a number for each of KINDS, `pieces` what is drawn of them."""

    key: str
    label: str
    total: int
    counts: list[int]
    pieces: list[Piece]
    words_y: int
    y: int
    number_y: int


@dataclass(frozen=True)
class Ageing:
    """What is drawn, in units of a picture WIDTH wide."""

    bars: list[Bar]
    totals: list[int]
    total: int
    height: int
    width: int = WIDTH
    thick: int = THICK


def ageing(rows: QuerySet[Assignment], on: date) -> Ageing | None:
    """What of these assignments is open, by its age on this day; None where nothing is. One query.

    What a meeting still to come will ask has no age yet.
    """
    known = counted(rows, on)
    if not known:
        return None
    totals = {key: sum(known[key, kind] for kind, _label in KINDS) for key in AGES}
    scale = WIDTH / max(totals.values())
    bars = [_bar(key, [known[key, kind] for kind, _label in KINDS], n * ROW, scale) for n, key in enumerate(AGES)]
    whole = [sum(known[key, kind] for key in AGES) for kind, _label in KINDS]
    return Ageing(bars, whole, sum(whole), height=ROW * len(bars))


def counted(rows: QuerySet[Assignment], on: date) -> Counter[tuple[str, str]]:
    """How many are open, by bucket of age and kind."""
    since = "meeting__starts_on__gte"
    ages = [When(**{since: on - timedelta(last)}, then=Value(key)) for key, (_first, last) in AGES.items() if last]
    oldest = next(key for key, (_first, last) in AGES.items() if last is None)
    kinds = [
        When(state__in=WITH_DESK, then=Value("waiting")),
        When(state__in=NOT_DONE, due_on__lt=on, then=Value("late")),
    ]
    found: Any = rows.filter(pk__in=Assignment.objects.unfinished().values("pk")).exclude(given_on=None).order_by()
    found = found.annotate(
        bucket=Case(*ages, default=Value(oldest), output_field=CharField()),
        kind=Case(*kinds, default=Value("rest"), output_field=CharField()),
    )
    counts = found.values("bucket", "kind").annotate(n=Count("pk")).values_list("bucket", "kind", "n")
    return Counter({(bucket, kind): n for bucket, kind, n in counts})


def _bar(key: str, counts: list[int], top: int, scale: float) -> Bar:
    pieces, before = [], 0
    for (kind, _label), count in zip(KINDS, counts, strict=True):
        x, end = round(before * scale), round((before + count) * scale)
        if count:
            pieces.append(Piece(kind, count, x, end - x, (x + end) // 2 if end - x >= ROOM else None))
        before += count
    return Bar(key, age_label(key), before, counts, pieces, top + WORDS, top + TOP, top + TOP + NUMBER)
