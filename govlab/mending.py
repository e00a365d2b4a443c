"""Where nothing holds what was typed: words that were misspelt, and at last what holds any of the words.

One wrong letter leaves one half of a word as it was: what holds a half is looked up, and compared with the whole.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz

from govlab.asking import SHORTEST, Condition, any_of, asked, clusters_of, split, synonyms
from govlab.finding import fold, fold_with_places
from govlab.ranking import CEILING, FAR, Ranked, rank
from govlab.seeking import Branch, Seen, find
from govlab.trigrams import KIND_BITS

SHORTEST_MENDED = 5
"""Words of fewer folded letters have too many neighbours to be mended."""
CANDIDATES = 150
"""So many titles with a half of the word are compared."""
ALIKE, ALIKE_LONG, LONG_WORD = 80, 85, 7
"""Per cent of a word that must agree; of one with so many folded letters, more."""
LONGEST_MENDED, MOST_MENDED = 24, 4
"""Letters of a word, and words of a query, that are looked at."""


def mend(q: str, seen: Seen) -> str:
    """The query with its misspelt words put right after titles that are there; "" where none comes near. One query."""
    words = [word for term in q.split() for word in _words(term)][: 2 * MOST_MENDED]
    known = synonyms.groups.others
    # A code or a number is another one when it is changed, not the same written right.
    letters = [word for word in words if not any(map(str.isdigit, word))]
    doubtful = {fold(word): word for word in letters if len(fold(word)) >= SHORTEST_MENDED and fold(word) not in known}
    doubtful = dict(list(doubtful.items())[:MOST_MENDED])
    mended = {word: _closest(word, list(known)) for word in doubtful}
    asked_for = {number: word for number, word in enumerate(doubtful, 1) if not mended[word]}
    if asked_for:
        branches = [
            Branch(number, "folded_title", any_of(_halves(word)), CANDIDATES, titles=True)
            for number, word in asked_for.items()
        ]
        for number, entries in find(branches, seen)[0].items():
            mended[asked_for[number]] = _inside(asked_for[number], [entry.shown for entry in entries])
    right = {doubtful[word]: synonyms.groups.written.get(found, found) for word, found in mended.items() if found}
    if not right:
        return ""
    text = q
    for wrong, better in right.items():
        text = text.replace(wrong, better)
    return text if fold(text) != fold(q) else ""


def _words(term: str) -> list[str]:
    """A term that may be one misspelt word, or several: as it is where it is short, else in words."""
    return [term] if len(fold(term)) <= LONGEST_MENDED else split(term)


def _halves(word: str) -> list[str]:
    """Pieces of which one wrong letter leaves one whole; long words have three, for two wrong letters."""
    pieces = 3 if len(word) >= 4 * SHORTEST else 2
    size = max(len(word) // pieces, SHORTEST)
    places = [min(size * place, len(word) - size) for place in range(pieces)]
    return list(dict.fromkeys(word[at : at + size] for at in places))


def _closest(word: str, known: Sequence[str]) -> str:
    """The known word that comes nearest, where one comes near."""
    near = [(fuzz.ratio(word, each), each) for each in known if abs(len(each) - len(word)) <= 2]
    score, found = max(near, default=(0, ""))
    return found if score >= ALIKE + 2 else ""


def _inside(word: str, titles: Sequence[str]) -> str:
    """The piece of a title, as it is written there, that comes nearest to the folded word; "" where none comes near.

    Of a long word one letter may be wrong in seven, of a short one in five: what differs more is another word.
    """
    best: tuple[float, str] = (ALIKE_LONG if len(word) >= LONG_WORD else ALIKE, "")
    for title in titles:
        clusters = clusters_of(title)
        folded, places = fold_with_places(clusters)
        found = fuzz.partial_ratio_alignment(word, folded, score_cutoff=best[0])
        if not found or found.dest_end <= found.dest_start:
            continue
        text = "".join(clusters[places[found.dest_start] : places[found.dest_end - 1] + 1]).strip()
        if (score := fuzz.ratio(word, fold(text))) >= best[0] + bool(best[1]):
            best = (score, text)
    return best[1]


def nearest(q: str, seen: Seen, kinds: Sequence[int]) -> Ranked:
    """What holds any of the words, those first that hold more of them; the newest of each kind. One query."""
    what = asked(q, synonyms.groups)
    parts = [part for part in what.parts if part and not _too_short(part)]
    if not parts:
        return Ranked(what)
    names = dict(enumerate(parts[:8], 1))
    found = find([Branch(name, "folded_text", part, CEILING) for name, part in names.items()], seen)[0]
    held: dict[int, int] = {}
    for name, entries in found.items():
        weight = 10 + len(str(names[name]))
        # A word that many hold says less.
        weight = weight if len(entries) < CEILING else 1
        for entry in entries:
            held[entry.number] = held.get(entry.number, 0) + weight
    places = {kind: place for place, kind in enumerate(kinds)}
    keys = [
        ((FAR, -weight, places[number >> KIND_BITS], -number), number)
        for number, weight in held.items()
        if number >> KIND_BITS in places
    ]
    ranked = Ranked(what, sorted(keys))
    ranked.counts = {kind: len(ranked.of(kind)) for kind in kinds}
    return ranked


def _too_short(condition: Condition) -> bool:
    return len(condition) < SHORTEST if isinstance(condition, str) else any(map(_too_short, condition.of))


def sought(q: str, seen: Seen, kinds: Sequence[int]) -> tuple[Ranked, str, bool]:
    """What is found by the query; else by its mended form, which is given too; else what comes nearest (True)."""
    found = rank(q, seen, kinds)
    if found.by_closeness or not found.what:
        return found, "", False
    if better := mend(found.what.whole, seen):
        again = rank(better, seen, kinds)
        if again.by_closeness:
            return again, better, False
    return nearest(q, seen, kinds), "", True
