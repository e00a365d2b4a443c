"""Template tags for what was found: the words that were looked for are marked in it."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from govlab.thai import has_thai, known_language, pick_text
from projects.search import pieces

register = template.Library()


def _marked(text: str, words: Sequence[str]) -> SafeString:
    parts = [format_html("<mark>{}</mark>", part) if found else part for part, found in pieces(text, words)]
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag
def marked(text: str, words: Sequence[str]) -> SafeString:
    """A text with the words marked; said to be Thai where it is and the page is not."""
    shown = _marked(text, words)
    if known_language() != "th" and has_thai(text):
        return format_html('<span lang="th">{}</span>', shown)
    return shown


@register.simple_tag
def marked_title(hit: Any, words: Sequence[str]) -> SafeString:
    """The title of what was found, in the active language where there is one, with the words marked."""
    text, language = pick_text(hit, "title")
    shown = _marked(text, words)
    if text and language != known_language():
        return format_html('<span lang="{}">{}</span>', language, shown)
    return shown
