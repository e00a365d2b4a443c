"""The order of what a search finds: how close each entry comes to what was typed; how many there are of each kind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from govlab import sampling
from govlab.asking import SHORTEST, Asked, Condition, Spelt, asked, synonyms, texts_of
from govlab.finding import fold
from govlab.seeking import Branch, Found, Seen, find
from govlab.trigrams import KIND_BITS

CEILING, CEILING_EACH = 1000, 50
"""So many are counted at least and can be paged through: of one kind that is asked for alone; of each of several."""
FIRST = 300
"""So many of all kinds are looked up before the kinds are asked one by one."""
SHOWN = 15
"""So many of each kind at least are put in order: the others come no closer, or are older."""
HEAD = 1000
"""Among so many of each kind, the newest, a word is looked for that is too short for the index."""
WALK = 10_000
"""So many of the newest of a kind are walked through at most, where that is quicker than the index."""
READ, LOOK, LISTED, LOOKED_UP = 0.7, 0.6, 0.5, 300.0
"""Microseconds, as measured on PostgreSQL: to read an entry and to look for a text in it on a walk; to take an entry
from the index, and to ask it at all."""

# How close: the smaller the number, the closer.
SAME, WHOLE, WORDS, SOUND, IN_TEXT, OTHERWISE, FAR = range(7)
TEXTS, TITLES, WRITTEN_OUT = 1, 2, 3
"""The branches: all that was written, of which the titles are a part; titles alone; other words for a short one."""
IN_TITLE_AS_TYPED, AS_TYPED, IN_TITLE = 4, 2, 1
"""Points, in the order of how close they are."""


@dataclass
class Ranked:
    """What was found: numbers of entries with how close they come, and the count of each kind."""

    what: Asked
    by_closeness: list[tuple[tuple[Any, ...], int]] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    """By the number of the kind; above `ceiling` it stands for any number above it."""
    ceiling: int = CEILING

    def of(self, kind: int) -> list[int]:
        """The entries of one kind, the closest first."""
        return [number for _key, number in self.by_closeness if number >> KIND_BITS == kind]


def rank(q: str, seen: Seen, kinds: Sequence[int], shown: int = SHOWN) -> Ranked:
    """What may be seen and holds what is asked for, of each kind the closest `shown`. Queries: 1 or 2, where a short
    word is found only by its sound up to 4."""
    as_typed = _rank(q, False, seen, kinds, shown)
    typed = texts_of(as_typed.what.typed)
    if as_typed.by_closeness or not any(isinstance(text, Spelt) for text in typed):
        return as_typed
    return _rank(q, True, seen, kinds, shown)


def _rank(q: str, by_sound: bool, seen: Seen, kinds: Sequence[int], shown: int) -> Ranked:
    known = synonyms.groups
    what = asked(q, known, by_sound)
    typed = what.typed
    if not what:
        return Ranked(what)
    shown = max(shown, SHOWN)
    ceiling = CEILING if len(kinds) == 1 else CEILING_EACH
    short = all(len(text) < SHORTEST for text in texts_of(typed))
    sample = sampling.kept.sample
    known_typed, known_wide = sample.number_of(typed), sample.number_of(what.wide)
    if short:
        # A short form is known by its other words too.
        branches = _short(typed, kinds, ceiling, shown)
        if what.wide != typed:
            branches.append(Branch(WRITTEN_OUT, "folded_text", what.wide, FIRST + 1, shown, _points(what)))
    elif known_wide > FIRST or len(kinds) == 1:
        # Of a common word there is more than enough without other words for it.
        condition = typed if known_typed > FIRST and known_typed * 2 >= known_wide else what.wide
        branches = _by_kind(what, condition, kinds, ceiling, shown)
    else:
        branches = [Branch(TEXTS, "folded_text", what.wide, FIRST + 1, shown, _points(what))]
    found, edition = find(branches, seen, kinds)
    if synonyms.at(edition) is not known and asked(q, synonyms.groups, by_sound) != what:
        return _rank(q, by_sound, seen, kinds, shown)
    if len(branches) == 1 and not branches[0].kind:
        if sum({entry.number >> KIND_BITS: entry.of_kind for entry in found[TEXTS]}.values()) > FIRST:
            wide = sum(bool(entry.points & AS_TYPED) for entry in found[TEXTS]) * 2 < len(found[TEXTS])
            found = find(_by_kind(what, what.wide if wide else typed, kinds, ceiling, shown), seen)[0]
        else:
            ceiling = FIRST
    return _put_together(what, found, kinds, ceiling)


def _points(what: Asked) -> tuple[tuple[str, Condition, int], ...]:
    points = ("folded_title", what.typed, IN_TITLE_AS_TYPED), ("folded_text", what.typed, AS_TYPED)
    return (*points, ("folded_title", what.wide, IN_TITLE)) if what.wide != what.typed else points


def _by_kind(what: Asked, condition: Condition, kinds: Sequence[int], ceiling: int, shown: int) -> list[Branch]:
    """What of each kind meets the condition; the titles apart where few of many have it there."""
    sample = sampling.kept.sample
    points = _points(what)
    branches = []
    for kind in kinds:
        share = sample.share_of(condition, kind)
        walk = _walk(condition, share, sample.sizes.get(kind, 0), ceiling)
        branches.append(Branch(TEXTS, "folded_text", condition, ceiling + 1, shown, points, kind, walk))
        of_titles = sample.share_of(condition, kind, titles=True)
        if of_titles * ceiling < share * SHOWN or not share:
            walk = _walk(condition, of_titles, sample.sizes.get(kind, 0), SHOWN)
            branches.append(Branch(TITLES, "folded_title", condition, SHOWN, SHOWN, points, kind, walk))
    return branches


def _walk(condition: Condition, share: float, size: int, most: int) -> int:
    """How far to walk through the newest of a kind until `most` of those that meet the condition are found; 0: the
    index, which gives all of them, is quicker."""
    if not share:
        return 0
    walked = most / share
    quicker = walked * (READ + LOOK * len(texts_of(condition))) < LOOKED_UP + share * size * LISTED
    return WALK if quicker and walked < WALK else 0


def _short(typed: Condition, kinds: Sequence[int], ceiling: int, shown: int) -> list[Branch]:
    """What holds words of one or two letters in the title, among the newest of each kind."""
    points = (("folded_title", typed, IN_TITLE_AS_TYPED | AS_TYPED),)
    return [Branch(TEXTS, "folded_title", typed, ceiling + 1, shown, points, kind, HEAD) for kind in kinds]


def _put_together(what: Asked, found: dict[int, list[Found]], kinds: Sequence[int], ceiling: int) -> Ranked:
    places = {kind: place for place, kind in enumerate(kinds)}
    whole = fold(what.whole)
    keys: dict[int, tuple[Any, ...]] = {}
    counts: dict[int, int] = {}
    for entries in found.values():
        for entry in entries:
            kind = entry.number >> KIND_BITS
            if kind in places:
                keys[entry.number] = _key(entry, what, whole, places[kind])
                counts[kind] = max(counts.get(kind, 0), entry.of_kind)
    if WRITTEN_OUT in found:  # two branches that may find the same
        distinct = Counter(number >> KIND_BITS for number in keys)
        counts = {kind: max(count, distinct[kind]) for kind, count in counts.items()}
    return Ranked(what, sorted((key, number) for number, key in keys.items()), counts, ceiling)


def _key(entry: Found, what: Asked, whole: str, place: int) -> tuple[Any, ...]:
    """How close an entry comes: sorts the closest first."""
    if not entry.points & (IN_TITLE_AS_TYPED | IN_TITLE):
        return IN_TEXT if entry.points & AS_TYPED else FAR, True, place, 0, -entry.number
    lines = entry.title.split("\n")
    if not entry.points & IN_TITLE_AS_TYPED:
        closeness = OTHERWISE
    elif whole in lines:
        closeness = SAME
    elif whole in entry.title:
        closeness = WHOLE if what.whole in entry.shown.casefold() else WORDS
    else:
        shown = entry.shown.casefold()
        closeness = WORDS if all(term in shown for term in what.terms) else SOUND
    begins = any(line.startswith(whole) for line in lines)
    return closeness, not begins, place, min(map(len, lines)) // 20, -entry.number
