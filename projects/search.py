"""Searching the portal: what a person may see that holds what they typed, the closest first, kind by kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

from agencies.models import Agency
from govlab import edition
from govlab.asking import LONGEST, Asked, asked, said, split, synonyms
from govlab.entries import Entry, entries_of
from govlab.finding import fold
from govlab.history import renamed
from govlab.marking import pieces
from govlab.mending import sought
from govlab.models import SearchEntry
from govlab.ranking import Ranked, rank
from govlab.seeking import Seen, Sql, where_of
from govlab.thai import has_thai, known_language, pick
from govlab.trigrams import KIND_BITS
from projects.models import Innovation, Meeting, ProgressUpdate, Project, Resolution
from projects.rules.synonyms import groups

__all__ = ["KINDS", "LONGEST", "Answer", "Group", "Hit", "answer", "pieces", "search"]

synonyms.read = groups

KINDS: tuple[str, ...] = ("project", "update", "meeting", "resolution", "innovation", "agency")
"""What is found, in the order in which it is shown."""
MODELS: dict[str, Any] = {
    "project": Project,
    "update": ProgressUpdate,
    "meeting": Meeting,
    "resolution": Resolution,
    "innovation": Innovation,
    "agency": Agency,
}
NUMBERS = {model.found_as[0]: kind for kind, model in MODELS.items()}
"""The kinds by the number that their entries begin with."""
CODE = re.compile(r"\s*GL[\s-]*(2[56]\d\d)[\s-]*(\d{1,3})\s*", re.IGNORECASE)
"""A project's code, however it is typed."""
EXCERPT, SENTENCE = 160, 60  # characters of what is shown; of a text that tells more than a name
MARKS = "ัิีึืฺุู็่้๊๋์ํ๎ำ"
"""Thai signs that stand above, below or behind a consonant; a text is never cut before one."""


@dataclass(frozen=True)
class Hit:
    """One record found; `id` is the project's code, an agency's or meeting's key, otherwise a number."""

    kind: str
    id: str
    title_th: str
    title_en: str
    url: str
    excerpt: str
    demo: bool
    on: date | None = None

    @property
    def foreign(self) -> str:
        """The language of the excerpt, where it is not that of the page."""
        language = "th" if has_thai(self.excerpt) else "en"
        return "" if language == known_language() else language


@dataclass
class Group:
    """What was found of one kind; with `more`, there are more than `count`."""

    kind: str
    count: int = 0
    more: bool = False
    hits: list[Hit] = field(default_factory=list)


@dataclass
class Answer:
    """What was found, group by group, and how it came to be."""

    q: str
    groups: list[Group] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Texts to mark, for `pieces`."""
    nearest: bool = False
    """Nothing holds all the words; these hold some of them."""
    instead: str = ""
    """What was looked for instead, where a misspelling was mended."""


def answer(person: Any, q: str, *, kinds: Sequence[str] = KINDS, each: int = 5, start: int = 0) -> Answer:
    """What the person may see that holds the words: of each kind the best `each`, from `start` on."""
    numbers = [_number(kind) for kind in kinds]
    found, instead, near = _sought(person, q, numbers, start + each)
    chosen = {number: found.of(number)[start : start + each] for number in numbers}
    hits = _hits(person, [entry for entries in chosen.values() for entry in entries], found.what)
    groups = [
        Group(
            NUMBERS[number],
            min(found.counts[number], found.ceiling),
            found.counts[number] > found.ceiling,
            [hits[entry] for entry in entries if entry in hits],
        )
        for number, entries in chosen.items()
        if found.counts.get(number, 0)
    ]
    return Answer(q, groups, list(found.what.words), nearest=near and bool(groups), instead=instead)


def search(person: Any, q: str, limit: int = 20) -> list[Hit]:
    """What the person may see that holds every word of `q`, the closest first; at most `limit`. No words: nothing."""
    if limit < 1:
        return []
    found, _instead, near = _sought(person, q, [_number(kind) for kind in KINDS], limit)
    if near:
        return []
    chosen = [entry for _key, entry in found.by_closeness[:limit]]
    hits = _hits(person, chosen, found.what)
    return [hits[entry] for entry in chosen if entry in hits]


def _sought(person: Any, q: str, numbers: Sequence[int], shown: int) -> tuple[Ranked, str, bool]:
    """As `sought`; a code that is no project's now, or was written otherwise, leads to the project that had it."""
    found, instead, near = sought(q, seen := _seen(person), numbers, shown)
    typed = CODE.fullmatch(q.strip())
    if not typed or (found.by_closeness and not near):
        return found, instead, near
    code = f"GL{typed[1]}-{typed[2].lstrip('0')}"
    now = renamed(Project.objects.visible_to(person), "code", code) or code
    by_code = rank(now, seen, numbers, shown)
    return (by_code, now, False) if by_code.by_closeness and now != q else (found, instead, near)


def expanded(q: str) -> list[list[str]]:
    """What the search makes of a query: the words it looks for, each with the others for the same."""
    what = asked(q, synonyms.at(edition.current()))
    known = synonyms.groups.written | {fold(word): word for word in split(q)}
    return [[known.get(text, text) for text in said(part)] for part in what.parts]


def _number(kind: str) -> int:
    return MODELS[kind].found_as[0]


def _visible(person: Any, kind: str) -> QuerySet[Any]:
    rows = MODELS[kind]._default_manager.order_by()
    return rows.visible_to(person) if hasattr(rows, "visible_to") else rows


def _exists(person: Any, kind: str) -> Exists:
    """That the record of an entry may be seen, as the model itself says it."""
    own = ExpressionWrapper(OuterRef("pk") - (_number(kind) << KIND_BITS), BigIntegerField())
    return Exists(_visible(person, kind).filter(pk=own))


def _seen(person: Any) -> Seen:
    """What of the index this person may know of: what is public there, and of the rest what the models let them see."""
    if not getattr(person, "is_authenticated", False):
        return _what_is_public()
    more = Q()
    for kind in MODELS:
        more |= Q(_exists(person, kind))
    return Seen(more)


@cache
def _what_is_public() -> Seen:
    """What every visitor may know of, put into words once."""
    return Seen()


@cache
def _public(kind: str) -> Sql:
    """That an entry of this kind is public by the record itself; put into words once, because every visitor asks it."""
    return where_of(SearchEntry.objects.filter(_exists(AnonymousUser(), kind)))


def _hits(person: Any, entries: Sequence[int], what: Asked) -> dict[int, Hit]:
    """What is shown of these entries, by their numbers: only what the records themselves let this person see."""
    asked_for = []
    for number, kind in NUMBERS.items():
        if own := [entry for entry in entries if entry >> KIND_BITS == number]:
            signed_in = getattr(person, "is_authenticated", False)
            seen = where_of(SearchEntry.objects.filter(_exists(person, kind))) if signed_in else _public(kind)
            asked_for.append((own, seen))
    return {row.id: _hit(row, what) for row in entries_of(asked_for)}


def _hit(row: Entry, what: Asked) -> Hit:
    texts, title = row.text.split("\n"), fold(pick(row, "title"))
    titled = any(word in title for word in what.words)
    text = excerpt(texts, row.folded_text.split("\n")[-len(texts) :], what.words, titled=titled)
    return Hit(row.kind, row.key, row.title_th, row.title_en, _url(row), text, bool(row.demo), row.on)


def _url(row: Entry) -> str:
    """The page that shows it, in the active language; an update stands on the page of its project."""
    kind, key = ("project", row.more) if row.kind == "update" else (row.kind, row.key)
    before, after = _around(kind, get_language(), get_script_prefix())
    return f"{before}{quote(key)}{after}" + (f"#update-{row.key}" if row.kind == "update" else "")


@cache
def _around(kind: str, language: str | None, prefix: str) -> tuple[str, str]:
    """What stands before and after a record's key in its address: a page of results has thirty."""
    before, _zero, after = reverse(f"public:{kind}-detail", args=["0"]).rpartition("0")
    return before, after


def excerpt(texts: Sequence[str], folded: Sequence[str], words: Sequence[str], *, titled: bool = False) -> str:
    """The text that tells most of the words, which are folded as the texts are again in `folded`, cut to EXCERPT
    characters: one in the active language before one in another, and a sentence before a name.

    Another language is shown only for a sentence that tells a word, and not where the title told one already
    (`titled`), or where there is nothing else.
    """
    best, at, most = 0, 0, (False, False, False, False, 0)
    thai = known_language() == "th"
    for number, text in enumerate(folded):
        own = has_thai(text) == thai
        places = [place for word in words if (place := text.find(word)) >= 0] if own or not titled else []
        held = bool(places)
        if (told := (held and own, held and len(text) >= SENTENCE, own, held, len(places))) > most:
            best, at, most = number, places[0] * len(texts[number]) // len(text) if held else 0, told
    return _cut(texts[best], at)  # folding changes lengths a little, and evenly


def _cut(text: str, at: int) -> str:
    """The text around a position, with an ellipsis where something is left out."""
    start = max(at - EXCERPT // 3, 0) if len(text) > EXCERPT else 0
    end = start + EXCERPT
    while start > 0 and text[start] in MARKS:
        start -= 1
    while end < len(text) and text[end] in MARKS:
        end += 1
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
