"""What a page offers to follow."""

from typing import Any

from django import template

from projects.following import saved
from projects.rules.follows import LONGEST_TARGET

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_search(context: dict[str, Any], page: str) -> str:
    """The words and filters of this page as the target of a follow; "" without any, or with more than it holds."""
    target = saved(page, context["request"].GET)
    return target if len(target) <= LONGEST_TARGET else ""
