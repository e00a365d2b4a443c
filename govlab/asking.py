"""What somebody looks for: the words of a query, what else they may be called, and where a text holds them.

A condition is a text that must be there, or `All` or `Any` of several conditions. All of it is in the folded form of
`govlab.finding.fold`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import budoux

from govlab.finding import fold, fold_with_places
from govlab.marking import clusters_of
from govlab.thai import has_thai, normalise

LONGEST, MOST_TERMS = 200, 10  # characters and words of what is looked for
SHORTEST_INSIDE = 4
"""A word of a group of synonyms is found inside a longer run from this many letters on."""
SHORTEST = 3
"""Letters that an index of the search needs."""
LONGEST_SPELT = 4
"""A word of so few folded letters is another word with another tone mark; of a longer one, people forget them."""
_TONES = re.compile("[\u0e33\u0e48-\u0e4b]")
"""ำ and the tone marks."""
_AROUND = "\"'“”‘’«»„()[]{}<>?!*#:;…"
_BETWEEN = re.compile(r"[,;|“”\"()\[\]{}<>]|(?<!\d)/|/(?!\d)")
"""What people put around words, and between them: a number such as 3/2564 is one word."""
MOST_OTHERS = 12
"""So many other words stand for one at most."""
# Words between words: a query is about what they join.
_LITTLE = frozenset(
    fold(word)
    for word in (
        "การ ความ ของ ที่ ใน และ หรือ กับ แก่ ต่อ โดย จาก เพื่อ ให้ เป็น ด้าน ระบบ งาน ซึ่ง อยู่ ได้ ไป มา แล้ว ว่า ตาม ถึง"
        " จะ ไม่ มี ทำ อย่าง ไร นี้ นั้น ครับ ค่ะ คะ บน บอก เรื่อง เกี่ยวกับ เกี่ยว สำหรับ เมื่อ โครงการ ปัญหา วิธี ขอ อยาก"
        " a an the of for in on to and or by with from at is are how what"
    ).split()
)


class All(NamedTuple):
    """Every one of these must hold."""

    of: tuple["Condition", ...]


class Any_(NamedTuple):
    """One of these must hold."""

    of: tuple["Condition", ...]


Condition = str | All | Any_


class Spelt(str):
    """A folded text that holds only where it also stands as it was typed: of น้ำ and นำ the sound alone is the same."""

    typed: str

    @classmethod
    def of(cls, folded: str, typed: str) -> "Spelt":
        """The folded text, and how it was typed in the form that stored text has."""
        text = cls(folded)
        text.typed = typed
        return text


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Every one of them, in the simplest form; each once."""
    of = tuple(dict.fromkeys(conditions))
    return of[0] if len(of) == 1 else All(of)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """One of them, in the simplest form; each once."""
    of = tuple(dict.fromkeys(conditions))
    return of[0] if len(of) == 1 else Any_(of)


def holds(text: str, condition: Condition) -> bool:
    """Whether the folded text meets the condition."""
    if isinstance(condition, str):
        return condition in text
    return (all if isinstance(condition, All) else any)(holds(text, each) for each in condition.of)


def simplest(condition: Condition) -> Condition:
    """The same condition without what another part of it covers."""
    if not isinstance(condition, Any_):
        return condition if isinstance(condition, str) else all_of(map(simplest, condition.of))
    left = list(dict.fromkeys(map(simplest, condition.of)))
    for each in [*left]:
        if any(_covers(other, each) for other in left if other is not each):
            left.remove(each)
    return any_of(left)


def _covers(wide: Condition, close: Condition) -> bool:
    """Whether whatever meets the close condition, a text or several, meets the wide one."""
    if not isinstance(close, str) and not (isinstance(close, All) and all(isinstance(each, str) for each in close.of)):
        return False
    return holds("\0".join(texts_of(close)), wide)


def said(condition: Condition) -> list[str]:
    """The ways to meet a condition, each as one text."""
    if isinstance(condition, Any_):
        return [text for each in condition.of for text in said(each)]
    return [" ".join(texts_of(condition))]


def texts_of(condition: Condition) -> list[str]:
    """The texts in a condition, as they stand."""
    return [condition] if isinstance(condition, str) else [text for each in condition.of for text in texts_of(each)]


# --- other words for the same ----------------------------------------------------------------------------------------
class Groups:
    """Groups of words that mean the same, ready for asking."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.others: dict[str, tuple[str, ...]] = {}
        self.written: dict[str, str] = {}
        for group in groups:
            written = {fold(word): word for word in group if fold(word)}
            self.written |= written
            words = list(written)
            for word in words:
                more = (*self.others.get(word, ()), *(other for other in words if other != word))
                self.others[word] = tuple(dict.fromkeys(more))
        inside = [word for word in self.others if len(self.written[word]) >= SHORTEST_INSIDE and len(word) >= SHORTEST]
        inside.sort(key=len, reverse=True)
        self.inside = re.compile("|".join(map(re.escape, inside))) if inside else None

    def of(self, word: str) -> tuple[str, ...]:
        """The other words for this one; none so short that it stands in every other word."""
        others = self.others.get(word, ())
        return tuple(other for other in others if len(other) >= SHORTEST + other.isascii())[:MOST_OTHERS]

    def runs(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """Where the folded text has words of the groups (True), the longest first, and what stands between."""
        at = 0
        for found in self.inside.finditer(text) if self.inside else ():
            start, end = found.span()
            # Of a Latin word only the whole counts: "art" is not in "start".
            if found[0].isascii() and (text[max(start - 1, 0) : start].isalnum() or text[end : end + 1].isalnum()):
                continue
            if start > at:
                yield at, start, False
            yield start, end, True
            at = end
        if at < len(text):
            yield at, len(text), False


NO_GROUPS = Groups(())


@dataclass
class Kept:
    """The groups as the portal keeps them, held in the process as long as nothing has changed there."""

    read: Callable[[], Iterable[Sequence[str]]] = list
    """How they are read; told by the app that has them."""
    edition: int = -1
    groups: Groups = field(default_factory=lambda: NO_GROUPS)

    def at(self, edition: int) -> Groups:
        """The groups of this edition; a query where it has moved on."""
        if edition != self.edition:
            self.groups, self.edition = Groups(self.read()), edition
        return self.groups


synonyms = Kept()


# --- words -----------------------------------------------------------------------------------------------------------
@cache
def _parser() -> Any:
    return budoux.load_default_thai_parser()


def split(text: str) -> list[str]:
    """The words of a text: Thai is written without spaces between them."""
    found = []
    for thai, run in groupby(re.findall("[\u0e01-\u0e4e]+|[^\u0e01-\u0e4e\\s]+", text), key=has_thai):
        for part in run:
            found += [word for word in _parser().parse(part) if word.strip()] if thai else [part]
    return found


def _joined(words: list[str]) -> list[str]:
    """Folded words worth asking for: little words left out, and what an index cannot find put to its neighbour."""
    found: list[str] = []
    loose = ""
    for word in map(fold, words):
        if word in _LITTLE:
            loose = ""
        elif len(word) < SHORTEST:
            if found:
                found[-1] += word
            else:
                loose = word
        else:
            found.append(loose + word)
            loose = ""
    return [word for word in found if len(word) >= SHORTEST]


@dataclass(frozen=True)
class Asked:
    """A query as it is looked for, from close to wide."""

    q: str
    """As it was typed, cut to LONGEST characters."""
    whole: str
    """In the form that stored text has."""
    terms: tuple[str, ...]
    """What stood between spaces, in that form."""
    typed: Condition
    """Every term, folded."""
    wide: Condition
    """Every term, as such, by other words for it, or as words in any order."""
    parts: tuple[Condition, ...]
    """What the words of the query ask for one by one."""
    words: tuple[str, ...]
    """All texts that count as a find, folded, the longest first: for marking."""

    def __bool__(self) -> bool:
        return bool(self.terms)


def terms(text: str) -> list[str]:
    """The words of a query in the form that stored text has, without the signs around and between them: at most
    MOST_TERMS of its first LONGEST characters."""
    text = normalise(text[:LONGEST])
    words = [word.strip(_AROUND) for word in _BETWEEN.sub(" ", text).split()]
    return (list(filter(None, words)) or text.split())[:MOST_TERMS]


def asked(q: str, groups: Groups = NO_GROUPS, by_sound: bool = True) -> Asked:
    """The query understood, with the other words that the groups know; short words by their sound, or as typed."""
    found = [term for term in terms(q) if fold(term).strip()]
    whole = " ".join(found)
    if not found:
        return Asked(q[:LONGEST], "", (), "", "", (), ())
    spelt = {} if by_sound else {word: Spelt.of(word, term) for term in found if is_spelt(term, word := fold(term))}
    typed = all_of(spelt.get(word, word) for word in map(fold, found))
    if len(found) == 1 and len(fold(found[0])) < SHORTEST and (others := _others(fold(found[0]), groups)):
        texts = sorted({*texts_of(others), *texts_of(typed)}, key=len, reverse=True)
        return Asked(q[:LONGEST], normalise(q[:LONGEST]), tuple(found), typed, others, (others,), tuple(texts))
    # Cut at the words of the groups first, across spaces too ("migrant worker"); what is between, into words.
    clusters = clusters_of(whole)
    folded, places = fold_with_places(clusters)
    parts: list[Condition] = []
    for start, end, known in groups.runs(folded):
        if known:
            parts.append(_part(folded[start:end], groups, spelt))
        else:
            between = "".join(clusters[place] for place in dict.fromkeys(places[start:end]))
            parts += [_part(word, groups, spelt) for word in _joined(split(between))]
    by_term = all_of(_part(term, groups, spelt) for term in _findable([fold(term) for term in found]))
    # What an index cannot find is looked for only as it was typed.
    ways = [way for way in (by_term, all_of(parts) if parts else "") if all(len(t) >= SHORTEST for t in texts_of(way))]
    ways = [typed, *ways]
    wide = simplest(any_of(ways))
    words = sorted({text for way in ways for text in texts_of(way)}, key=len, reverse=True)
    return Asked(
        q[:LONGEST], normalise(q[:LONGEST]), tuple(found), typed, wide, tuple(dict.fromkeys(parts)), tuple(words)
    )


def is_spelt(term: str, folded: str) -> bool:
    """Whether a term is so short that its tone mark makes it the word it is."""
    return len(folded) <= LONGEST_SPELT and bool(_TONES.search(term))


def _part(word: str, groups: Groups, spelt: Mapping[str, Spelt]) -> Condition:
    """A folded word, or another for the same."""
    own = spelt.get(word) or all_of(_findable(word.split()))
    others = _others(word, groups)
    return any_of((own, *others.of)) if isinstance(others, Any_) else any_of(filter(None, (own, others)))


def _others(word: str, groups: Groups) -> Condition:
    """Other words for a folded one; "" where the groups know none."""
    ways = [all_of(_findable(each.split())) for each in groups.of(word)]
    return any_of(ways) if ways else ""


def _findable(words: list[str]) -> list[str]:
    """The words that an index can find; all where it can find none."""
    return [word for word in words if len(word) >= SHORTEST] or words
