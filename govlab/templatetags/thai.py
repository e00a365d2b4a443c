"""Template tags for dates, years and text in two languages; dates stand in `<time>`, with ISO 8601 for machines."""

from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from govlab import thai

register = template.Library()

COLON = "\u00a0:"
"""Thai titles write a space before a colon; no line begins with the colon."""


def _local(value: date) -> date:
    """The date or moment as Bangkok's clocks and calendars have it."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(thai.BANGKOK)
    return value


def _time(value: date, shown: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat()[:10], shown)


@register.simple_tag
def day(value: date | None, style: str = "short") -> str:
    """A date, or the date of a moment in Bangkok: `<time datetime="2021-11-23">23 พ.ย. 2564</time>`."""
    if not value:
        return ""
    value = _local(value)
    return _time(value, thai.format_date(value, style))


@register.filter
def written(value: date, style: str = "long") -> str:
    """A date in words and nothing else, for letters: 23 พฤศจิกายน 2564; `full` with its weekday."""
    return thai.format_date(_local(value), style)


@register.filter
def clock(value: time | None) -> str:
    """A time of day as people write it: 9.30 น.; nothing where there is none."""
    return thai.format_time(value) if value else ""


@register.simple_tag
def days(start: date | None, end: date | None) -> str:
    """From a day to a day, in the long style: 13–15 มีนาคม 2562; one day when only one is known."""
    if start and end and start != end:
        left, dash, right = thai.range_parts(start, end)
        return format_html("{}{}{}", _time(start, left), dash, _time(end, right))
    return day(start or end, "long")


@register.simple_tag
def moment(value: datetime | None) -> str:
    """Date and time in Bangkok: `<time datetime="2021-11-23T09:30+07:00">23 พ.ย. 2564 9.30 น.</time>`."""
    if not value:
        return ""
    local = value.astimezone(thai.BANGKOK) if timezone.is_aware(value) else value
    shown = f"{thai.format_date(local)} {thai.format_time(local)}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), shown)


@register.filter
def grouped(number: int) -> str:
    """A count as people read it: 1,000."""
    return f"{number:,}"


@register.filter
def be(year: int | None) -> str:
    """A year of the Common Era in the era of the active language; "" for what is no year."""
    try:
        return str(int(year) if thai.known_language() == "en" else thai.be_year(int(year)))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""


@register.filter
def year(year: int | None) -> str:
    """A Buddhist year, such as a cohort's, in the era of the active language; "" for what is no year."""
    try:
        return str(thai.ce_year(int(year)) if thai.known_language() == "en" else int(year))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""


@register.simple_tag
def bi(obj: Any, name: str) -> str:
    """The text of `name_th` or `name_en`; marked with its `lang` where it is not the active language's."""
    text, language = thai.pick_text(obj, name)
    text = text.replace(" :", COLON)
    if text and language != thai.known_language():
        return format_html('<span lang="{}">{}</span>', language, text)
    return text


@register.simple_tag
def said(text: Any) -> str:
    """A text that is there in one language only, as somebody typed it; marked as Thai where the page is not."""
    shown = "" if text is None else str(text).replace(" :", COLON)
    if thai.known_language() != "th" and thai.has_thai(shown):
        return format_html('<span lang="th">{}</span>', shown)
    return shown
