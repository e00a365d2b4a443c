"""How common words are: a sample of what the search knows, held in the process, that tells which way is quicker.

What is found is the same with any sample, and with none; only what comes nearest, where nothing is found, may differ.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from govlab.asking import SHORTEST, All, Any_, Condition, all_of, any_of, holds, texts_of

EACH = 500
"""So many entries of each kind, the newest, are the sample."""
MOST_WAYS = 24
"""So many ways to meet a condition are asked of an index that takes them one by one."""
MOST_SHARES = 4096
"""So many shares are kept in mind: one query asks for the same ones many times."""
FRESH = 600
"""Seconds after which it is read again."""
LONG, PIECE = 12, 6
"""Of a text with more than LONG letters the index is asked for its rarest pieces of PIECE letters: the fewer entries a
piece has, the less is read."""


class Sample:
    """Folded texts and titles of some entries, by the number of their kind."""

    def __init__(self, rows: Iterable[tuple[int, str, str]] = (), sizes: Mapping[int, int] | None = None) -> None:
        self.texts: dict[int, list[str]] = {}
        self.titles: dict[int, list[str]] = {}
        self.sizes = sizes or {}
        """How many entries there are of each kind."""
        self._shares: dict[tuple[Condition, int, bool], float] = {}
        for kind, text, title in rows:
            self.texts.setdefault(kind, []).append(text)
            self.titles.setdefault(kind, []).append(title)
        self.some = [text for own in self.texts.values() for text in own][::3]

    def share(self, condition: Condition) -> float:
        """The part of all entries that meet the condition, from 0 to 1."""
        return self._kept(condition, 0, False)

    def share_of(self, condition: Condition, kind: int, titles: bool = False) -> float:
        """The part of the entries of a kind that meet it, with their titles or with all of their text."""
        return self._kept(condition, kind, titles)

    def number_of(self, condition: Condition) -> float:
        """How many entries of all kinds are likely to meet it."""
        return sum(size * self.share_of(condition, kind) for kind, size in self.sizes.items())

    def _kept(self, condition: Condition, kind: int, titles: bool) -> float:
        key = condition, kind, titles
        if key not in self._shares:
            if len(self._shares) >= MOST_SHARES:
                self._shares.clear()
            texts = (self.titles if titles else self.texts).get(kind, ()) if kind else self.some
            self._shares[key] = _share(condition, texts)
        return self._shares[key]

    def narrow(self, condition: Condition, most: int, apart: bool) -> Condition:
        """What to ask the index for: the rarest words or pieces, `most` at most; never narrower than the condition.

        With `apart` the index takes one way to meet the condition after the other, each a few words.
        """
        if isinstance(condition, str):
            return self._pieces(condition, most) if len(condition) > LONG else condition
        if isinstance(condition, Any_):
            return any_of(self.narrow(each, most, apart) for each in condition.of)
        parts = sorted([part for part in condition.of if _is_findable(part)] or condition.of, key=self.share)
        plain = [part for part in parts if isinstance(part, str)]
        if apart and len(plain) < len(parts):
            others = _one_by_one(part for part in parts if not isinstance(part, str))
            parts = [others] if not plain or self.share(others) < self.share(all_of(plain)) else [*plain]
        return all_of(self.narrow(part, most, apart) for part in parts[: most if self.some else None])

    def _pieces(self, text: str, most: int) -> Condition:
        places = [*range(0, len(text) - PIECE, PIECE // 2), len(text) - PIECE]
        chosen = list[int]()
        for place in sorted(places, key=lambda place: self.share(text[place : place + PIECE])):
            if len(chosen) < most and all(abs(place - other) >= PIECE for other in chosen):
                chosen.append(place)
        return all_of(text[place : place + PIECE] for place in sorted(chosen))


def _share(condition: Condition, texts: Sequence[str]) -> float:
    if not texts:
        return 0.0
    if isinstance(condition, str):
        return sum(condition in text for text in texts) / len(texts)
    return sum(holds(text, condition) for text in texts) / len(texts)


def _one_by_one(parts: Iterable[Condition]) -> Condition:
    """The ways to meet the parts, or as many of the first of them as make few ways.

    No plain word is put into every way: PostgreSQL would ask for that one alone.
    """
    ways: list[tuple[Condition, ...]] = [()]
    for part in parts:
        of = part.of if isinstance(part, Any_) else (part,)
        if len(ways) * len(of) > MOST_WAYS and ways[0]:
            break
        ways = [(*way, one) for way in ways for one in of]
    return any_of(all_of(text for one in way for text in texts_of(one)) for way in ways)


def _is_findable(condition: Condition) -> bool:
    """Whether an index can find it."""
    if isinstance(condition, str):
        return len(condition) >= SHORTEST
    return (any if isinstance(condition, All) else all)(map(_is_findable, condition.of))


@dataclass
class Kept:
    """The sample of this process."""

    sample: Sample = field(default_factory=Sample)
    due: float = 0.0
    """When it is read next, on the clock of `time.monotonic`."""

    def is_due(self) -> bool:
        """Whether the next search brings a new sample along."""
        return time.monotonic() >= self.due

    def put(self, rows: Iterable[tuple[int, str, str]], sizes: Mapping[int, int]) -> None:
        """A new sample, and how many entries there are of each kind."""
        self.sample, self.due = Sample(rows, sizes), time.monotonic() + FRESH


kept = Kept()
