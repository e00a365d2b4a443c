"""What a project is measured by: staff keep it; what its numbers mean does not change behind their back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import ngettext

from agencies.access import require_desk
from agencies.models import User
from govlab.history import hold, keep
from projects.models import Indicator

MEANING = ("unit_th", "unit_en", "direction", "counting")
"""The columns that say how a number is to be read."""


@transaction.atomic
def edit(
    indicator: Indicator, *, by: User, version: int, sure: bool = False, verb: str = "edit", **answers: Any
) -> Indicator:
    """Staff change an indicator; where numbers were reported, a change of their meaning needs `sure`: they stay right.

    ValidationError names each column that is asked about. A translation that was missing is no change of meaning.
    """
    require_desk(by)
    held = hold(indicator, version)
    if not sure and (asked := questions(held, answers)):
        raise ValidationError(dict(asked))
    return keep(held, verb, by=by, **answers)


def questions(indicator: Indicator, answers: Mapping[str, Any]) -> dict[str, ValidationError]:
    """What is asked before these answers are taken, by column; empty when no reported number changes its meaning."""
    changed = [
        name
        for name in MEANING
        if name in answers and getattr(indicator, name) and getattr(indicator, name) != answers[name]
    ]
    count = indicator.readings.measured().count() if changed else 0
    return {name: _question(indicator, name, count) for name in changed} if count else {}


def _question(indicator: Indicator, name: str, count: int) -> ValidationError:
    shown = getattr(indicator, f"get_{name}_display", None)
    sentence = ngettext(
        "%(count)d number was reported with “%(before)s”. If it stays right, say so below; "
        "if not, leave this and add a new indicator.",
        "%(count)d numbers were reported with “%(before)s”. If they stay right, say so below; "
        "if not, leave this and add a new indicator.",
        count,
    )
    before = shown() if shown else getattr(indicator, name)
    return ValidationError(sentence, code="doubt", params={"count": count, "before": before})
