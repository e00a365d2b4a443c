"""A chart of an indicator's readings on a scale of time as plain numbers, which the template draws as SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

WIDTH, HEIGHT = 640, 224
TOP, BOTTOM = 44, 150  # where the highest and the lowest value stand
GROUND, WORDS = 184, 210  # the line below all, and the words under it
EDGE, GAP = 8, 12
CHARACTER = 11  # the width of a letter or digit at the largest size the style sheet sets, on a phone
LETTER, TAIL = 18, 4  # its height, and how far it hangs below the line it stands on
MOST_FOR_LEVELS = 320  # of the width, so that the longest numbers leave room for the readings
CLOSE = 32  # levels nearer to each other than this cannot both have their words above them
ABOVE, BELOW = -12, 26  # from a dot to the foot of its number
LEVEL_ABOVE, LEVEL_BELOW = -8, 22


class Value(NamedTuple):
    """What was measured on a day; `label` names the day in few words."""

    on: date
    label: str
    value: Decimal


@dataclass(frozen=True)
class Dot:
    """One reading: where it stands, its number with the height of the number's foot, and the day's words.

    Number and words are "" where there is no room for them.
    """

    x: int
    y: int
    label: str
    value: str
    value_y: int


@dataclass(frozen=True)
class Level:
    """A level across the whole chart with its words at the left: `kind` is baseline or target."""

    kind: str
    label: str
    y: int
    label_y: int


@dataclass(frozen=True)
class Chart:
    """What is drawn, in units of a picture WIDTH wide and HEIGHT high."""

    dots: list[Dot]
    points: str
    levels: list[Level]
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = GROUND
    below: int = WORDS
    left: int = EDGE
    right: int = WIDTH - EDGE


def plain_number(value: Decimal) -> str:
    """A number as people read it: thousands apart, no zeros behind the last digit that counts."""
    shown = f"{value:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def line_chart(values: Iterable[Value], levels: Sequence[tuple[str, str, Decimal]] = ()) -> Chart | None:
    """The chart of readings by their days, with levels as (kind, words, value); None where nothing is to compare.

    The scale of height runs from the lowest to the highest of all, that of time from the first to the last day; what
    has but one value or one day stands in the middle.
    """
    values = sorted(values, key=lambda value: value.on)
    known = [value.value for value in values] + [value for _kind, _label, value in levels]
    if not values or len(known) < 2:
        return None
    low, high = min(known), max(known)

    def height(value: Decimal) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * ((value - low) / (high - low) if high > low else Decimal("0.5")))

    widths = [CHARACTER * max(len(value.label), len(plain_number(value.value))) for value in values]
    longest = CHARACTER * max((len(label) for _kind, label, _value in levels), default=0)
    left = min(EDGE + longest + GAP + widths[0] // 2, MOST_FOR_LEVELS)
    right = WIDTH - EDGE - widths[-1] // 2
    first, days = values[0].on, (values[-1].on - values[0].on).days
    xs = [round(left + (right - left) * ((value.on - first).days / days if days else 0.5)) for value in values]
    ys = [height(value.value) for value in values]
    worded = _with_room(xs, widths)
    drawn = _levels([(kind, label, height(value)) for kind, label, value in levels])
    dots = [
        Dot(
            x=xs[n],
            y=ys[n],
            label=value.label if n in worded else "",
            value=plain_number(value.value) if n in worded else "",
            value_y=ys[n] + _side(ys, n, [level.y for level in drawn]),
        )
        for n, value in enumerate(values)
    ]
    return Chart(dots, " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True)), drawn)


def _with_room(xs: list[int], widths: list[int]) -> set[int]:
    """Which readings get their words: the last, the first, then from the newest back what touches none of those."""
    chosen: list[int] = []
    last = len(xs) - 1
    for n in (last, 0, *range(last - 1, 0, -1)):
        if all(abs(xs[n] - xs[other]) >= (widths[n] + widths[other]) // 2 + GAP for other in chosen if other != n):
            chosen.append(n)
    return {*chosen}


def _side(ys: list[int], n: int, levels: list[int]) -> int:
    """ABOVE, or BELOW where the line comes to the reading from above; the other where a level runs through that."""
    beside = [ys[other] for other in (n - 1, n + 1) if 0 <= other < len(ys)]
    first, second = (BELOW, ABOVE) if beside and max(beside) < ys[n] else (ABOVE, BELOW)
    crossed = [
        any(ys[n] + side - LETTER <= level <= ys[n] + side + TAIL for level in levels) for side in (first, second)
    ]
    return second if crossed == [True, False] else first


def _levels(levels: list[tuple[str, str, int]]) -> list[Level]:
    """Each level's words above it; the lower of two that lie close has them below."""
    levels = sorted(levels, key=lambda level: level[2])
    rows = []
    for n, (kind, label, y) in enumerate(levels):
        close = n > 0 and y - levels[n - 1][2] < CLOSE
        rows.append(Level(kind, label, y, y + (LEVEL_BELOW if close else LEVEL_ABOVE)))
    return rows
