"""Template filter for assignments on public pages."""

from django import template

from projects.documents.standing import label_for

register = template.Library()


@register.filter
def outside(state: str) -> str:
    """How an assignment stands, in words for everybody."""
    return label_for(state)
