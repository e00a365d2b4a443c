"""A printed document as plain values: what it says and in which form, without a word about DOCX or PDF."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Digits = Literal["thai", "arabic"]
Style = Literal["body", "indented", "centred", "title", "labelled", "numbered"]


@dataclass(frozen=True)
class Heading:
    """A heading of the text; its number stands before it and the text hangs from there."""

    text: str
    number: str = ""
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a line break in the text stays one.

    `body` begins at the margin, `indented` and `numbered` 2.5 cm from it, `labelled` hangs from its lead. The lead
    stands before the text: bold in `body` and `indented`, plain in `labelled` and `numbered`. `title` is bold and
    centred, for what heads a page behind the first.
    """

    text: str
    style: Style = "indented"
    lead: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody on a list: the name, the role, and a remark such as in whose stead they came."""

    name: str
    role: str = ""
    note: str = ""


@dataclass(frozen=True)
class People:
    """A numbered list of people: names in one column, roles in the other."""

    rows: tuple[Person, ...]


@dataclass(frozen=True)
class Table:
    """A table with ruled lines; its head comes again on each page. Widths are shares of the line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Sides:
    """Two texts beside each other: on a letter its number, and the office with its address."""

    left: str
    right: str


@dataclass(frozen=True)
class Signature:
    """Where somebody signs, in the right half: what stands above, room for the pen, and the lines below."""

    below: tuple[str, ...]
    above: str = ""


@dataclass(frozen=True)
class Gap:
    """White of this height, in millimetres."""

    height: int


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""


@dataclass(frozen=True)
class Bar:
    """One group of a chart that counts: how many now, and before (None: not compared); `said` stands at its end."""

    label: str
    now: int
    before: int | None
    said: str


@dataclass(frozen=True)
class Bars:
    """A chart of bars; `alt` tells it to whoever does not see it, `now` and `before` name the two kinds of bars."""

    alt: str
    rows: tuple[Bar, ...]
    now: str = ""
    before: str = ""


@dataclass(frozen=True)
class Sign:
    """A project's four stages as two diamonds."""

    label: str
    states: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Signs:
    """The diamonds of many projects; `legend` names each state."""

    alt: str
    rows: tuple[Sign, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Scale:
    """An indicator on a line from 0 to 1: where it began, where it is, where it is to come; None where unknown."""

    label: str
    baseline: float | None
    now: float | None
    target: float | None
    said: str


@dataclass(frozen=True)
class Scales:
    """Indicators below each other; the three texts name the marks."""

    alt: str
    rows: tuple[Scale, ...]
    baseline: str
    now: str
    target: str


Drawing = Bars | Signs | Scales
Block = Heading | Paragraph | People | Table | Sides | Signature | Gap | PageBreak | Drawing


@dataclass(frozen=True)
class Sheet:
    """A document: its name, the lines that head it, its blocks; `day` is the day it speaks of, and its date as a file.

    So the same sheet gives the same bytes on any machine, on any day.
    """

    title: str
    day: date
    lines: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = field(default=())
    language: Literal["th", "en"] = "th"
    digits: Digits = "arabic"
