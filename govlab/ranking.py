"""The order of what a search finds: how close each entry comes to what was typed; how many there are of each kind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from govlab import sampling
from govlab.asking import SHORTEST, Asked, Condition, asked, holds, synonyms, texts_of, typed_of
from govlab.finding import fold
from govlab.seeking import Branch, Found, Seen, find
from govlab.trigrams import KIND_BITS

FIRST_TEXTS = 201
"""So many entries are looked up before the kinds are asked one by one."""
CEILING = 200
"""So many of one kind are counted at least, and can be paged through."""
MOST = CEILING + 1
FIRST_LOOK = 100
"""So many titles are read before the kinds are asked one by one."""
NEWEST = 40
"""So many titles of each kind, the newest, stand for all that a common word finds."""
HEAD = 1000
"""Among so many of each kind, the newest, a word is looked for that is too short for the index."""
COMMON, COMMON_IN_TITLES, WALK = 0.05, 0.01, 10_000
"""From these shares of a kind on, its newest are walked through, so many at most, until there is enough: quicker than
an index that gives everything."""

# How close: the smaller the number, the closer.
SAME, WHOLE, WORDS, SOUND, IN_TEXT, OTHERWISE, FAR = range(7)
TITLES, TEXTS, WIDE_TITLES = 1, 2, 3
"""The branches: titles as typed, texts and titles by any of the ways."""


@dataclass
class Ranked:
    """What was found: numbers of entries with how close they come, and the count of each kind."""

    what: Asked
    by_closeness: list[tuple[tuple[Any, ...], int]] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    """By the number of the kind."""
    more: bool = False
    """Whether a count of CEILING stands for any number above it."""

    def of(self, kind: int) -> list[int]:
        """The entries of one kind, the closest first."""
        return [number for _key, number in self.by_closeness if number >> KIND_BITS == kind]


def rank(q: str, seen: Seen, kinds: Sequence[int]) -> Ranked:
    """Everything that may be seen and holds what is asked for. Queries: one, two for common words."""
    typed = typed_of(q)
    if not typed:
        return Ranked(asked(q))
    if all(len(text) < SHORTEST for text in texts_of(typed)):
        return _short(q, typed, seen, kinds)
    known = synonyms.groups
    what = asked(q, known)
    # Of a common word there is more than enough without other words for it.
    common = any(_is_common(what.typed, kind) for kind in kinds)
    found, edition = find(_by_kind(what, what.typed, kinds) if common else _at_once(what), seen, kinds)
    if synonyms.at(edition) is not known and asked(q, synonyms.groups) != what:
        return rank(q, seen, kinds)
    full = len(found[TEXTS]) == FIRST_TEXTS or len(found[WIDE_TITLES]) == FIRST_LOOK
    if full and not common:
        common = True
        close = sum(bool(entry.title) for entry in found[TEXTS]) * 2 >= FIRST_TEXTS
        found |= find(_by_kind(what, what.typed if close else what.wide, kinds), seen)[0]
    return _put_together(what, found, kinds, common)


def _is_common(condition: Condition, kind: int) -> bool:
    return sampling.kept.sample.share_of(condition, kind, titles=False) >= COMMON


def _at_once(what: Asked) -> list[Branch]:
    """Titles and texts of all kinds."""
    return [
        Branch(WIDE_TITLES, "folded_title", what.wide, FIRST_LOOK, titles=True),
        Branch(TEXTS, "folded_text", what.wide, FIRST_TEXTS, close=_close(what)),
    ]


def _close(what: Asked) -> Condition:
    return "" if what.wide == what.typed else what.typed


def _by_kind(what: Asked, condition: Condition, kinds: Sequence[int]) -> list[Branch]:
    """Titles and texts of each kind that meet the condition; of a wider one the titles as typed too."""
    typed = condition == what.typed
    branches = [] if typed else [Branch(TITLES, "folded_title", what.typed, FIRST_LOOK, titles=True)]
    most = MOST if len(kinds) == 1 else NEWEST
    sample = sampling.kept.sample
    for kind in kinds:
        walk = WALK if sample.share_of(condition, kind, titles=True) >= COMMON_IN_TITLES else 0
        branches.append(Branch(WIDE_TITLES, "folded_title", condition, most, kind, titles=True, head=walk))
        walk = WALK if sample.share_of(condition, kind, titles=False) >= COMMON else 0
        close = "" if typed else what.typed
        branches.append(Branch(TEXTS, "folded_text", condition, MOST, kind, close=close, head=walk))
    return branches


def _short(q: str, typed: Condition, seen: Seen, kinds: Sequence[int]) -> Ranked:
    """What holds words of one or two letters in the title, among the newest of each kind."""
    branches = [Branch(TITLES, "folded_title", typed, MOST, kind, titles=True, head=HEAD) for kind in kinds]
    found, edition = find(branches, seen, kinds)
    return _put_together(asked(q, synonyms.at(edition)), found | {TEXTS: found[TITLES]}, kinds, True)


def _put_together(what: Asked, found: dict[int, list[Found]], kinds: Sequence[int], common: bool) -> Ranked:
    places = {kind: place for place, kind in enumerate(kinds)}
    whole = fold(what.whole)
    keys: dict[int, tuple[Any, ...]] = {}
    for entry in found[TEXTS]:
        closeness = IN_TEXT if entry.title or what.wide == what.typed else FAR
        keys[entry.number] = (closeness, 1, places.get(entry.number >> KIND_BITS, 99), 0, -entry.number)
    for name in (WIDE_TITLES, TITLES):
        for entry in found.get(name, ()):
            if entry.number >> KIND_BITS in places:
                key = _title_key(entry, what, whole, places)
                keys[entry.number] = min(keys.get(entry.number, key), key)
    counts = Counter(entry.number >> KIND_BITS for entry in found[TEXTS])
    ranked = sorted((key, number) for number, key in keys.items() if number >> KIND_BITS in places)
    return Ranked(what, ranked, {kind: counts[kind] for kind in kinds}, common)


def _title_key(entry: Found, what: Asked, whole: str, places: dict[int, int]) -> tuple[Any, ...]:
    """How close a title comes: sorts the closest first."""
    lines = entry.title.split("\n")
    shown = entry.shown.casefold()
    if whole in lines:
        closeness = SAME
    elif whole in entry.title:
        closeness = WHOLE if what.whole in shown else WORDS
    elif holds(entry.title, what.typed):
        closeness = WORDS if all(term in shown for term in what.terms) else SOUND
    else:
        closeness = OTHERWISE
    begins = any(line.startswith(whole) for line in lines)
    place = places[entry.number >> KIND_BITS]
    return closeness, not begins, place, min(map(len, lines)) // 20, -entry.number
