"""Template filters for calls: what became of a theme, why a voice is not shown."""

from django import template

from projects.models import Outcome
from projects.rules.voices import reason_words

register = template.Library()


@register.filter
def outcome(key: str) -> str:
    """What became of a theme, in words."""
    return str(dict(Outcome.choices).get(key, ""))


@register.filter
def why(reason: str) -> str:
    """Why a voice is not shown, in words for everybody."""
    return reason_words(reason)
