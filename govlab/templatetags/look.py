"""The sign of the portal in templates: the four stages as two diamonds, small in lists and page-wide on a project."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# Each state is also the CSS class that draws it: filled, hatched, outline, dotted outline.
STATES = frozenset({"unknown", "not_started", "in_progress", "done"})


@register.simple_tag
def glyph(stages: Sequence[str], label: str = "") -> SafeString:
    """Draw four states as two small diamonds, read out as `label`; without a label the drawing is decoration.

    Raises ValueError unless `stages` are four of `STATES`.
    """
    if len(stages) != 4 or not STATES.issuperset(stages):
        raise ValueError(f"four states of {sorted(STATES)} expected, got {list(stages)}")
    return _drawn(*stages, label=str(label))


@lru_cache(maxsize=1024)
def _drawn(overview: str, needs: str, develop: str, plan: str, *, label: str) -> SafeString:
    """Every list draws the same few many times."""
    states = {"overview": overview, "needs": needs, "develop": develop, "plan": plan}
    return render_to_string("parts/_glyph.html", {**states, "label": label})


@register.inclusion_tag("parts/_track.html")
def track(stages: Iterable[Any]) -> dict[str, Any]:
    """Draw a project's four stages page-wide, each triangle above its words.

    Each stage has `number` (1 to 4), `name`, `state` (one of `STATES`), `state_label` and `note` (formatted text).
    """
    return {"stages": stages}


CHOICE = """<label{}>
  <input type="checkbox" name="{}" value="{}"{}>
  <span>{}</span>
  <span class="num quiet">{}</span>
</label>"""


@register.simple_tag
def facet_choices(name: str, choices: Iterable[Any]) -> SafeString:
    """Boxes to tick, each with what it would leave: choices with `key`, `label`, `count` and `chosen`.

    A page has dozens: put together here, they take a fifth of the time that a template takes.
    """
    quiet, ticked = SafeString(' class="quiet"'), SafeString(" checked")
    rows = (
        ("" if choice.count else quiet, name, choice.key, ticked if choice.chosen else "", choice.label, choice.count)
        for choice in choices
    )
    return format_html_join("\n", CHOICE, rows)


@register.filter
def elided(page: Page) -> Iterable[int | str]:
    """Give the page numbers worth showing around `page`, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
