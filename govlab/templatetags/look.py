"""The sign of the portal in templates: the four stages as two diamonds, small in lists and page-wide on a project."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page

register = template.Library()

# Each state is also the CSS class that draws it: filled, hatched, outline, dotted outline.
STATES = frozenset({"unknown", "not_started", "in_progress", "done"})


@register.inclusion_tag("parts/_glyph.html")
def glyph(stages: Sequence[str], label: str = "") -> dict[str, str]:
    """Draw four states as two small diamonds, read out as `label`; without a label the drawing is decoration.

    Raises ValueError unless `stages` are four of `STATES`.
    """
    if len(stages) != 4 or not STATES.issuperset(stages):
        raise ValueError(f"four states of {sorted(STATES)} expected, got {list(stages)}")
    overview, needs, develop, plan = stages
    return {"overview": overview, "needs": needs, "develop": develop, "plan": plan, "label": label}


@register.inclusion_tag("parts/_track.html")
def track(stages: Iterable[Any]) -> dict[str, Any]:
    """Draw a project's four stages page-wide, each triangle above its words.

    Each stage has `number` (1 to 4), `name`, `state` (one of `STATES`), `state_label` and `note` (formatted text).
    """
    return {"stages": stages}


@register.filter
def elided(page: Page) -> Iterable[int | str]:
    """Give the page numbers worth showing around `page`, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
