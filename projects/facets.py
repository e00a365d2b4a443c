"""Facets: how many rows each choice of a filter would leave, beside all that is chosen in the other facets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import QueryDict

from govlab.filters import UNKNOWN, Choice, Filters, Several
from govlab.gather import gathered, line, together

Read = Callable[[Any, Callable[[], QuerySet[Any]]], Iterable[Any]]
"""Asks the query that is made by the second, whose words may be kept under the first."""
UNFOLDED = 8
"""Choices of a facet that stand open; the others are folded away."""


def _read(_name: Any, make: Callable[[], QuerySet[Any]]) -> Iterable[Any]:
    return make()


@dataclass(frozen=True)
class FacetChoice:
    """One choice of a facet; `count` rows would be there; `without` is the page's query once it is taken back."""

    key: str
    label: str
    count: int
    chosen: bool
    without: str


@dataclass(frozen=True)
class Facet:
    """One facet with the choices that lead somewhere and those chosen already; `name` is its parameter."""

    name: str
    label: str
    choices: list[FacetChoice]
    field: Any
    """The field of the form, with what is wrong with the value given."""

    @property
    def first(self) -> list[FacetChoice]:
        """The choices that always stand there."""
        return self.choices if len(self.choices) <= UNFOLDED + 2 else self.choices[:UNFOLDED]

    @property
    def rest(self) -> list[FacetChoice]:
        """The choices behind a fold."""
        return self.choices[len(self.first) :]

    @property
    def chosen(self) -> list[FacetChoice]:
        """What is chosen in it."""
        return [choice for choice in self.choices if choice.chosen]


def narrowed(asked: Filters, *but: str) -> QuerySet[Any]:
    """The rows by all that is asked for, save what is asked of the filters `but`, in no order."""
    asked.is_valid()
    rows = asked.queryset.order_by()
    for name, value in asked.form.cleaned_data.items():
        if name not in (*but, "order"):
            rows = asked.filters[name].filter(rows, value)
    return rows


def counted(asked: Filters, read: Read = _read) -> tuple[int, dict[str, dict[str, int]]]:
    """How many rows are left, and how many each facet has by its choices, in one query, which `read` asks."""
    found = gathered(read("counted", lambda: _counts(asked)))
    by_choice = {name: {row.key or UNKNOWN: row.under or 0 for row in rows} for name, rows in found.items() if name}
    return sum(row.under or 0 for row in found[""]), by_choice


def _counts(asked: Filters) -> QuerySet[Any]:
    total = narrowed(asked).values(one=Value(1)).annotate(n=Count("pk"))
    lines = [line(total, "", demo=None, under="n")]
    for name, facet in asked.filters.items():
        if isinstance(facet, Several):
            column = str(facet.field_name)
            rows = narrowed(asked, name).values(column).annotate(n=Count("pk"))
            lines.append(line(rows, name, demo=None, key=column, under="n"))
    return together(*lines)


def without(query: QueryDict, name: str, key: str = "") -> str:
    """The query with one value of the parameter taken out, or all of them, from page 1; "" or with its "?"."""
    left = query.copy()
    left.setlist(name, [value for value in left.getlist(name) if key and value != key])
    left.pop("page", None)
    text = left.urlencode()
    return f"?{text}" if text else ""


def chosen_of(asked: Filters, query: QueryDict) -> list[tuple[str, str, str]]:
    """Each value chosen in a facet: the facet's name, the value's, the page's query once it is taken back."""
    return [
        (str(field.label), str(dict(field.choices)[key]), without(query, name, key))
        for name, field in asked.form.fields.items()
        if isinstance(asked.filters[name], Choice | Several) and name != "order"
        for value in [asked.form.cleaned_data.get(name) or []]
        for key in ([value] if isinstance(value, str) else value)
    ]


def facets_of(asked: Filters, query: QueryDict, read: Read = _read) -> tuple[int, list[Facet]]:
    """How many rows are left, and the facets that tell them apart; `query` is the address's. One query."""
    total, counts = counted(asked, read)
    found = []
    for name, field in asked.form.fields.items():
        if not isinstance(asked.filters[name], Several):
            continue
        mine, chosen = counts.get(name, {}), asked.form.cleaned_data.get(name) or []
        choices = [
            FacetChoice(key, str(label), mine.get(key, 0), key in chosen, without(query, name, key))
            for key, label in field.choices
            if key and (mine.get(key) or key in chosen)
        ]
        if len(choices) > UNFOLDED + 2:  # a long one: what is chosen, then what leads to most
            choices.sort(key=lambda choice: (not choice.chosen, choice.key == UNKNOWN, -choice.count))
        if asked.form[name].errors or any(choice.chosen or choice.key != UNKNOWN for choice in choices):
            found.append(Facet(name, str(field.label), choices, asked.form[name]))
    return total, found
