"""A line chart of an indicator's readings as plain numbers, which the template draws as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 640, 190
LEFT, RIGHT, TOP, BOTTOM = 60, 580, 34, 140  # where the first and the last dot, the highest and the lowest value stand
MOST_LABELS = 6


@dataclass(frozen=True)
class Dot:
    """One value: where it stands, and the words below and above it ("" where there is no room)."""

    x: int
    y: int
    label: str
    value: str


@dataclass(frozen=True)
class Chart:
    """What is drawn, in units of a picture WIDTH wide and HEIGHT high; `target` is the height of the dashed line."""

    dots: list[Dot]
    points: str
    target: int | None
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = BOTTOM + 12
    below: int = BOTTOM + 34
    left: int = LEFT - 20
    right: int = RIGHT + 40


def plain_number(value: Decimal) -> str:
    """A number as people read it: thousands apart, no zeros behind the last digit that counts."""
    shown = f"{value:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def line_chart(values: Sequence[tuple[str, Decimal]], target: Decimal | None = None) -> Chart | None:
    """The chart of labelled values, evenly apart in their order; None for fewer than two.

    The scale runs from the lowest to the highest of values and target; all equal: one level line.
    """
    if len(values) < 2:
        return None
    known = [value for _label, value in values] + ([] if target is None else [target])
    low, high = min(known), max(known)

    def height(value: Decimal) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * ((value - low) / (high - low) if high > low else Decimal("0.5")))

    last = len(values) - 1
    every = -(-len(values) // MOST_LABELS)
    dots = []
    for n, (label, value) in enumerate(values):
        worded = (last - n) % every == 0  # counted from the newest, which always has its words
        x = round(LEFT + (RIGHT - LEFT) * n / last)
        dots.append(Dot(x, height(value), label if worded else "", plain_number(value) if worded else ""))
    return Chart(dots, " ".join(f"{dot.x},{dot.y}" for dot in dots), None if target is None else height(target))
