"""What visitors think of a project, added up for a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template

register = template.Library()


@dataclass(frozen=True)
class Rated:
    """How many gave how many stars."""

    by_stars: dict[int, int]

    @property
    def count(self) -> int:
        """How many ratings there are."""
        return sum(self.by_stars.values())

    @property
    def average(self) -> float:
        """The mean of all stars; 0 when there are none."""
        return sum(stars * n for stars, n in self.by_stars.items()) / self.count if self.count else 0.0

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """From five stars down: the stars, how many gave them, their share in percent."""
        return [(stars, n, round(100 * n / (self.count or 1))) for stars, n in sorted(self.by_stars.items())[::-1]]


@register.simple_tag
def rated(lines: Iterable[Any]) -> Rated:
    """The lines "ratings" of `projects.public.ratings.beside_project`, added up."""
    return Rated(dict.fromkeys(range(1, 6), 0) | {line.place: int(line.sort) for line in lines})
