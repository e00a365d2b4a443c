"""Indicators as every door shows them: the numbers as people read them, and a chart as plain numbers for SVG."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from govlab.thai import SHORT_MONTHS, be_year, known_language
from projects.models import Indicator, Project, Reading
from projects.models.indicators import number_text

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
    """What was measured on a day, None where there was no number; `label` names the day in few words."""

    on: date
    label: str
    value: Decimal | None


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
    """What is drawn, in units of a picture WIDTH wide and HEIGHT high.

    The line is in several pieces, as `points`, where it is broken by days without a number; those stand in `gaps`.
    """

    dots: list[Dot]
    lines: list[str]
    gaps: list[int]
    levels: list[Level]
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = GROUND
    below: int = WORDS
    left: int = EDGE
    right: int = WIDTH - EDGE


def line_chart(values: Iterable[Value], levels: Sequence[tuple[str, str, Decimal]] = ()) -> Chart | None:
    """The chart of readings by their days, with levels as (kind, words, value); None where nothing is to compare.

    The scale of height runs from the lowest to the highest of all, that of time from the first to the last day; what
    has but one value or one day stands in the middle.
    """
    values = sorted(values, key=lambda value: value.on)
    numbers = [(n, value.value) for n, value in enumerate(values) if value.value is not None]
    known = [value for _n, value in numbers] + [value for _kind, _label, value in levels]
    if not numbers or len(known) < 2:
        return None
    low, high = min(known), max(known)

    def height(value: Decimal) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * ((value - low) / (high - low) if high > low else Decimal("0.5")))

    widths = [CHARACTER * max(len(values[n].label), len(number_text(value))) for n, value in numbers]
    longest = CHARACTER * max((len(label) for _kind, label, _value in levels), default=0)
    left = min(EDGE + longest + GAP + widths[0] // 2, MOST_FOR_LEVELS)
    right = WIDTH - EDGE - widths[-1] // 2
    first, days = values[0].on, (values[-1].on - values[0].on).days
    places = [round(left + (right - left) * ((value.on - first).days / days if days else 0.5)) for value in values]
    xs, ys = [places[n] for n, _value in numbers], [height(value) for _n, value in numbers]
    worded = _with_room(xs, widths)
    drawn = _levels([(kind, label, height(value)) for kind, label, value in levels])
    dots = [
        Dot(
            x=xs[m],
            y=ys[m],
            label=values[n].label if m in worded else "",
            value=number_text(value) if m in worded else "",
            value_y=ys[m] + _side(ys, m, [level.y for level in drawn]),
        )
        for m, (n, value) in enumerate(numbers)
    ]
    pieces: list[list[str]] = [[]]
    for value, x in zip(values, places, strict=True):
        if value.value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{x},{height(value.value)}")
    gaps = [x for value, x in zip(values, places, strict=True) if value.value is None]
    return Chart(dots, [" ".join(piece) for piece in pieces if len(piece) > 1], gaps, drawn)


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


def month_label(on: date) -> str:
    """A month and year short enough to stand under a dot: ม.ค. 62."""
    language = known_language()
    year = on.year if language == "en" else be_year(on.year)
    return f"{SHORT_MONTHS[language][on.month - 1]} {year % 100:02}"


def charted(indicators: Iterable[Indicator], readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """Each indicator with its readings in the order they come in, its chart and its numbers as people read them."""
    by_indicator: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_indicator[reading.indicator_id].append(reading)
    rows = []
    for indicator in indicators:
        mine = by_indicator[indicator.pk]
        numbers = [reading.value for reading in mine if reading.value is not None]
        baseline, target = number_text(indicator.baseline), number_text(indicator.target)
        levels = [
            ("baseline", _("baseline %(baseline)s") % {"baseline": baseline}, indicator.baseline),
            ("target", _("target %(target)s") % {"target": target}, indicator.target),
        ]
        rows.append(
            {
                "indicator": indicator,
                "taken": f"indicator-{indicator.pk}",
                "baseline": baseline,
                "target": target,
                "last": number_text(numbers[-1]) if numbers else "",
                "readings": [(reading, number_text(reading.value)) for reading in mine],
                "chart": line_chart(
                    [
                        Value(reading.update.happened_on, month_label(reading.update.happened_on), reading.value)
                        for reading in mine
                        if reading.update.happened_on
                    ],
                    [(kind, label, value) for kind, label, value in levels if value is not None],
                ),
                "demo": indicator.demo or any(reading.demo for reading in mine),
            }
        )
    return rows


def charts_of(project: Project, person: Any) -> list[dict[str, Any]]:
    """The indicators of a project with the approved readings that this person may see; two queries."""
    readings = Reading.objects.visible_to(person).approved().filter(indicator__project=project)
    indicators = Indicator.objects.visible_to(person).filter(project=project)
    return charted(indicators, readings.select_related("update"))
