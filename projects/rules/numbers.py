"""How the meetings of a series are numbered: by the Buddhist year, without gaps or doubles; and when one is where."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from govlab.history import hold
from govlab.thai import be_year
from projects.models import Meeting, MeetingSeries


def next_number(series: MeetingSeries, year: int) -> int:
    """The number that the next meeting of the series gets in this Buddhist year."""
    last: int | None = series.meetings.filter(year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def numbered(answers: dict[str, Any], over: bool) -> dict[str, Any]:
    """The answers with the number of the year; `over` says that the meeting's day has passed.

    Meetings to come are numbered without gaps; one that is over has the number that its documents give it.
    """
    series, year, number = answers.get("series"), answers.get("year"), answers.get("number")
    if series is None:
        return answers
    if year and not over and year != be_year(answers["starts_on"].year):
        raise ValidationError({"year": _("A meeting to come is numbered in the year of its first day.")})
    year = year or be_year(answers["starts_on"].year)
    following = next_number(hold(series), year)  # two who add at once would get the same number
    if number and series.meetings.filter(year=year, number=number).exists():
        raise ValidationError({"number": _("This series already has a meeting with this number in this year.")})
    if number and number != following and not over:
        sentence = _("The next meeting of %(year)s is number %(number)s. Leave the number empty: it follows by itself.")
        raise ValidationError({"number": ValidationError(sentence, params={"year": year, "number": following})})
    answers = {**answers, "year": year, "number": number or following}
    return {**answers, "key": answers.get("key") or _free_key(f"{series.key}-{answers['number']}-{year}")}


def _free_key(key: str) -> str:
    """The key, with a number behind it where another meeting has it."""
    free, n = key, 1
    while Meeting.objects.filter(key=free).exists():
        n += 1
        free = f"{key}-{n}"
    return free


def require_place(held: Meeting, series: MeetingSeries | None, answers: dict[str, Any]) -> None:
    """A meeting to come keeps its number and year, and its series while later ones have theirs: so none is missing."""
    sentence = _("A meeting to come keeps its number, so that none is missing.")
    if series == held.series:
        for name in ("number", "year"):
            if answers.get(name) not in (None, getattr(held, name)):
                raise ValidationError({name: sentence})
        starts_on = answers.get("starts_on", held.starts_on)
        if be_year(starts_on.year) != held.year:
            raise ValidationError({"starts_on": _("Its number belongs to another year. Add a new meeting instead.")})
    elif has_later(held):
        raise ValidationError({"series": sentence})


def has_later(meeting: Meeting) -> bool:
    """Whether later meetings of its year have their numbers already."""
    later = Meeting.objects.filter(series=meeting.series, year=meeting.year, number__gt=meeting.number or 0)
    return bool(meeting.series and later.exists())


def require_dates(held: Meeting, answers: dict[str, Any]) -> None:
    """A meeting that was held was not in the future, and nothing it asks is due before it; its sessions lie within."""
    starts_on = answers.get("starts_on", held.starts_on)
    last_day = answers.get("ends_on", held.ends_on) or starts_on
    if held.took_place and starts_on > timezone.localdate():
        raise ValidationError({"starts_on": _("This meeting was held, so its day is not to come.")})
    if held.assignments.filter(due_on__lt=starts_on).exists():
        raise ValidationError({"starts_on": _("Something that this meeting asks is due before this day.")})
    outside = held.sessions.filter(Q(day__lt=starts_on) | Q(day__gt=last_day))
    if outside.exists():
        raise ValidationError({"ends_on": _("A session lies outside these days. Move it first.")})
