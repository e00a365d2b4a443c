"""The one place that knows how the portal is searched: every word of the query, in one normalised form of Thai."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from agencies.models import Agency
from govlab.filters import LONGEST, holding, terms
from govlab.thai import normalise, pick
from projects.models import AgendaItem, Innovation, Meeting, Project, Resolution

__all__ = ["LONGEST", "Hit", "search"]

EXCERPT = 160  # characters
MARKS = "ัิีึืฺุู็่้๊๋์ํ๎ำ"
"""Thai signs that stand above, below or behind a consonant; a text is never cut before one."""


@dataclass(frozen=True)
class Hit:
    """One record found; `id` is the project's code, an agency's or meeting's key, an innovation's number."""

    kind: str
    id: str
    title_th: str
    title_en: str
    url: str
    excerpt: str
    demo: bool


def search(person: Any, q: str, limit: int = 20) -> list[Hit]:
    """What the person may see that holds every word of `q`, titles first; at most `limit`. No words: nothing.

    Words are looked for as pieces of text, because Thai sets no spaces between them.
    """
    words = terms(q)
    if not words or limit < 1:
        return []
    found: list[tuple[int, Hit]] = []
    for hits in (_projects, _agencies, _meetings, _innovations):
        found += hits(person, q, words, limit)
    found.sort(key=lambda ranked: ranked[0])  # stable: within a rank the kinds keep their order
    return [hit for _rank, hit in found[:limit]]


def _all_in(words: list[str], name: str) -> Q:
    """That the text itself, in Thai or in English, holds every word."""
    found = Q()
    for word in words:
        found &= Q(**{f"{name}_th__icontains": word}) | Q(**{f"{name}_en__icontains": word})
    return found


def _ranked(rows: QuerySet[Any], words: list[str], name: str, limit: int) -> QuerySet[Any]:
    """The rows with `rank` 0 where the title itself holds every word, 1 elsewhere."""
    rank = Case(When(_all_in(words, name), then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(rank=rank).order_by("rank", "sort_key", "pk")[:limit]


def _projects(person: Any, q: str, words: list[str], limit: int) -> Iterator[tuple[int, Hit]]:
    rows = holding(Project.objects.visible_to(person), q).select_related("field")
    for row in _ranked(rows, words, "title", limit):
        texts = [pick(row, "aim"), pick(row, "focus"), pick(row.field, "name")]
        url = reverse("public:project-detail", args=[row.code])
        yield row.rank, Hit("project", row.code, row.title_th, row.title_en, url, excerpt(texts, words), row.demo)


def _agencies(person: Any, q: str, words: list[str], limit: int) -> Iterator[tuple[int, Hit]]:
    for row in _ranked(holding(Agency.objects.all(), q), words, "name", limit):
        url = reverse("public:agency-detail", args=[row.key])
        yield row.rank, Hit("agency", row.key, row.name_th, row.name_en, url, pick(row, "short"), row.demo)


def _meetings(person: Any, q: str, words: list[str], limit: int) -> list[tuple[int, Hit]]:
    """Meetings that hold the words themselves, then those with an agenda item or a resolution that does."""
    seen = Meeting.objects.visible_to(person).select_related("series")
    found = {row.pk: (row, row.rank, "") for row in _ranked(holding(seen, q), words, "title", limit)}
    items = AgendaItem.objects.visible_to(person).select_related("meeting__series")
    resolutions = Resolution.objects.visible_to(person).select_related("meeting__series")
    for rows, name in ((items, "title"), (resolutions, "text")):
        for row in rows.filter(_all_in(words, name)).order_by("-meeting__starts_on", "position", "pk")[:limit]:
            text = f"{row.number} {excerpt([pick(row, name)], words)}"
            found.setdefault(row.meeting_id, (row.meeting, 2, text))
    return [
        (rank, _meeting_hit(row, text or excerpt([pick(row, "theme"), pick(row, "place")], words)))
        for row, rank, text in found.values()
    ]


def _meeting_hit(row: Meeting, text: str) -> Hit:
    """A meeting under its title; a committee's under its series and number."""
    th, en = row.title_th, row.title_en
    if row.number and row.year and row.series:
        numbered = f"{row.number}/{row.year}"
        th, en = (f"{name} {numbered}" if name else "" for name in (row.series.name_th, row.series.name_en))
    return Hit("meeting", row.key, th, en, reverse("public:meeting-detail", args=[row.key]), text, row.demo)


def _innovations(person: Any, q: str, words: list[str], limit: int) -> Iterator[tuple[int, Hit]]:
    rows = holding(Innovation.objects.visible_to(person), q).select_related("agency")
    for row in _ranked(rows, words, "title", limit):
        texts = [pick(row, "about"), str(row.agency or "")]
        url = reverse("public:innovation-detail", args=[row.pk])
        yield row.rank, Hit("innovation", str(row.pk), row.title_th, row.title_en, url, excerpt(texts, words), row.demo)


def excerpt(texts: Iterable[str], words: list[str]) -> str:
    """The first text that holds one of the words, cut to EXCERPT characters around it; else the start of the first."""
    known = [" ".join(text.split()) for text in texts if text]
    for text in known:
        for word in words:
            if word in normalise(text):
                return _cut(text, max(text.casefold().find(word), 0))
    return _cut(known[0], 0) if known else ""


def _cut(text: str, at: int) -> str:
    """The text around a position, with an ellipsis where something is left out."""
    start = max(at - EXCERPT // 3, 0) if len(text) > EXCERPT else 0
    end = start + EXCERPT
    while start > 0 and text[start] in MARKS:
        start -= 1
    while end < len(text) and text[end] in MARKS:
        end += 1
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
