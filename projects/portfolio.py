"""The portfolio as a table-picture: any two facets of the projects crossed, so that what nobody works on is seen."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Value

from govlab.filters import UNKNOWN, Filters
from govlab.gather import gather, line
from projects.facets import narrowed

SHADES = 5
"""A filled cell has one of so many shades; the number says the rest."""
STAGE = "stage"


@dataclass
class Cell:
    """Projects with one value of each facet: how many, and how many of them stand where (None: not known)."""

    count: int = 0
    at: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    shade: int = 0

    @property
    def glyph(self) -> list[str]:
        """The two diamonds, filled as far as the project of the cell has come that is furthest."""
        known = [int(stage) for stage in self.at if stage != UNKNOWN]
        if not known:
            return ["unknown"] * 4
        return ["done" if number <= max(known) else "not_started" for number in range(1, 5)]


@dataclass(frozen=True)
class Band:
    """One row: its value's key and name, its cells in the order of the columns, how many projects it has in all."""

    key: str
    label: str
    cells: list[tuple[str, Cell]]
    total: int


@dataclass(frozen=True)
class Portfolio:
    """The picture: columns as (key, name, projects in all), bands, and all projects; who has several values counts
    in several cells, but once in every total."""

    columns: list[tuple[str, str, int]]
    bands: list[Band]
    total: int

    @property
    def gaps(self) -> int:
        """Cells in which there is no project, where both values are stated."""
        return sum(
            not cell.count for band in self.bands if band.key != UNKNOWN for key, cell in band.cells if key != UNKNOWN
        )


def _grouped(rows: QuerySet[Any], of: str, key: str, other: str = "", at: str = "") -> QuerySet[Any]:
    """How many projects there are for each combination of the columns."""
    columns = list(dict.fromkeys(filter(None, (key, other, at))))
    texts = {name: column for name, column in (("key", key), ("name_th", other), ("url", at)) if column}
    return line(rows.values(*columns).annotate(n=Count("pk", distinct=True)), of, demo=None, under="n", **texts)


def portfolio(asked: Filters, down: str, across: str) -> Portfolio:
    """What the filter leaves, by two of its facets; what is asked of these two does not count. One query."""
    rows = narrowed(asked, down, across)
    columns = {name: str(asked.filters[name].field_name) for name in (down, across, STAGE)}
    found = gather(
        _grouped(rows, "cell", columns[down], columns[across], columns[STAGE]),
        _grouped(rows, "down", columns[down]),
        _grouped(rows, "across", columns[across]),
        line(rows.values(one=Value(1)).annotate(n=Count("pk")), "total", demo=None, under="n"),
    )
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    for row in found["cell"]:
        cell = cells[row.key or UNKNOWN, row.name_th or UNKNOWN]
        cell.count += row.under or 0
        cell.at[row.url or UNKNOWN] += row.under or 0
    most = max([SHADES, *(cell.count for cell in cells.values())])  # a single project is never the darkest
    for cell in cells.values():
        cell.shade = -(-cell.count * SHADES // most)
    totals = {name: {row.key or UNKNOWN: row.under or 0 for row in found[name]} for name in ("down", "across")}
    sides = {}
    for side, name in (("down", down), ("across", across)):
        named = [(key, str(label)) for key, label in asked.form.fields[name].choices if key]
        # What nobody stated stands last, and only where there is some.
        told = [pair for pair in named if pair[0] != UNKNOWN]
        sides[side] = told + [pair for pair in named if pair[0] == UNKNOWN and totals[side].get(UNKNOWN)]
    bands = [
        Band(key, label, [(other, cells[key, other]) for other, _label in sides["across"]], totals["down"].get(key, 0))
        for key, label in sides["down"]
    ]
    across_sums = [(key, label, totals["across"].get(key, 0)) for key, label in sides["across"]]
    return Portfolio(across_sums, bands, sum(row.under or 0 for row in found["total"]))
