"""Where nothing holds what was typed: words that were misspelt, and at last what holds any of the words.

One wrong letter leaves one half of a word as it was: what holds a half is looked up, and compared with the whole.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, product

from rapidfuzz import fuzz

from govlab import sampling
from govlab.asking import SHORTEST, Asked, Condition, any_of, split, synonyms, texts_of
from govlab.finding import fold, fold_with_places
from govlab.marking import clusters_of
from govlab.ranking import FAR, SHOWN, Ranked, rank
from govlab.seeking import Branch, Seen, find
from govlab.trigrams import KIND_BITS

SHORTEST_MENDED = 5
"""Words of fewer folded letters have too many neighbours to be mended."""
CANDIDATES = 150
"""So many titles with a half of the word are compared."""
NEAR = 60
"""So many entries with one of the rarest parts are looked at for the others."""
ALIKE, ALIKE_LONG, LONG_WORD = 80, 85, 7
"""Per cent of a word that must agree; of one with so many folded letters, more."""
COMMON = 0.05
"""A word that so large a part of all hold says little."""
MOST_PARTS, MOST_ASKED = 8, 3
"""So many parts of a query say how near an entry comes; of so many, the rarest, the entries are looked up."""
LONGEST_MENDED, MOST_MENDED = 24, 4
"""Letters of a word, and words of a query, that are looked at."""
WIDER, AROUND = 3, 5
"""So many letters further on or back a piece may begin or end than where it was found to come nearest; and so many
around it tell where words begin and end."""
_RUN = re.compile("[\u0e01-\u0e4e]+|[^\\W\u0e01-\u0e4e]+")
"""A run of Thai, or a word of another script."""


def mend(q: str, missing: Sequence[Condition], seen: Seen) -> str:
    """The query with its misspelt words put right after titles that are there; "" where none comes near. One query.

    A word is looked at where it has to do with what is `missing`: what other records hold is written right.
    """
    if not missing:
        return ""
    known = synonyms.groups.others
    absent = {text for part in missing for text in texts_of(part)}
    words = {fold(word): word for term in q.split() for word in _words(term)}
    doubtful = {
        folded: word
        for folded, word in words.items()
        # A code or a number is another one when it is changed, not the same written right.
        if len(folded) >= SHORTEST_MENDED and folded not in known and not any(map(str.isdigit, word))
        if any(folded in text or text in folded for text in absent)
    }
    doubtful = dict(list(doubtful.items())[:MOST_MENDED])
    mended = {word: _closest(word, list(known)) for word in doubtful}
    asked_for = {number: word for number, word in enumerate(doubtful, 1) if not mended[word]}
    if asked_for:
        branches = [
            Branch(number, "folded_title", any_of(_halves(word)), CANDIDATES, CANDIDATES)
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
    Whole words come first. A piece that begins or ends within a word does so at the same letter as what was typed:
    a wrong letter at its end is not just left out, as คิวต of คิวตรวจ would leave out that of คิวตม.
    """
    least = ALIKE_LONG if len(word) >= LONG_WORD else ALIKE
    best: tuple[bool, float, str] = (False, 0, "")
    for title in titles:
        clusters = clusters_of(title)
        folded, places = fold_with_places(clusters)
        found = fuzz.partial_ratio_alignment(word, folded, score_cutoff=best[1] + 1 if best[0] else least)
        if not found or found.dest_end <= found.dest_start:
            continue
        edges = _edges(clusters, places[found.dest_start], places[found.dest_end - 1])
        starts = {at: edge for at, edge in _cuts(found.dest_start, places, edges) if edge or folded[at] == word[0]}
        ends = {at: edge for at, edge in _cuts(found.dest_end, places, edges) if edge or folded[at - 1] == word[-1]}
        for start, end in product(starts, ends):
            piece = (starts[start] and ends[end], fuzz.ratio(word, folded[start:end]))
            if piece[1] >= least and piece > best[:2]:
                best = (*piece, "".join(clusters[places[start] : places[end - 1] + 1]))
    return best[2]


def _edges(clusters: Sequence[str], first: int, last: int) -> set[int]:
    """The clusters in and near this stretch of a text before which a word begins or ends.

    Only so much is read around it as tells the words there: a whole title costs twice as much.
    """
    begin, end = max(first - WIDER - AROUND, 0), last + WIDER + AROUND
    numbers = {at: number for number, at in enumerate(accumulate(map(len, clusters[begin:end]), initial=0), begin)}
    return {
        numbers[at]
        for run in _RUN.finditer("".join(clusters[begin:end]))
        for at in accumulate(map(len, split(run[0])), initial=run.start())
        if at in numbers
    }


def _cuts(near: int, places: Sequence[int], edges: set[int]) -> Iterator[tuple[int, bool]]:
    """Where near a place of a folded text it may be cut, never within a cluster; and whether a word's edge is there."""
    for at in range(max(near - WIDER, 0), min(near + WIDER, len(places)) + 1):
        if at in (0, len(places)):
            yield at, True
        elif between := range(places[at - 1] + 1, places[at] + 1):
            yield at, not edges.isdisjoint(between)


def nearest(what: Asked, seen: Seen, kinds: Sequence[int], shown: int) -> tuple[Ranked, list[Condition]]:
    """What holds some of the parts, those first that hold more of them; and the parts that nothing holds. One query.

    Looked up are the rarest parts; how many of the others an entry holds too is seen there.
    """
    sample = sampling.kept.sample
    parts = sorted(
        {part for part in what.parts if part and not _too_short(part)}, key=lambda part: (sample.share(part), str(part))
    )
    # What the sample knows is there, and its rarest are asked for; of the rest the index is asked, it may hold none.
    known = [part for part in parts if sample.share(part)]
    unknown = parts[: len(parts) - len(known)][: MOST_PARTS - len(known[:MOST_ASKED])]
    parts, asked_for = [*unknown, *known][:MOST_PARTS], [*unknown, *known[:MOST_ASKED]]
    if not asked_for:
        return Ranked(what), []
    points = tuple(("folded_text", part, 10 + len(str(part)) if sample.share(part) < COMMON else 1) for part in parts)
    names = dict(enumerate(asked_for, 1))
    found = find([Branch(name, "folded_text", part, NEAR, shown, points) for name, part in names.items()], seen)[0]
    best = {entry.number: entry.points for entries in found.values() for entry in entries}
    places = {kind: place for place, kind in enumerate(kinds)}
    keys = [
        ((FAR, -points, places[number >> KIND_BITS], -number), number)
        for number, points in best.items()
        if number >> KIND_BITS in places
    ]
    ranked = Ranked(what, sorted(keys))
    ranked.counts = {kind: len(ranked.of(kind)) for kind in kinds}
    return ranked, [names[name] for name, entries in found.items() if not entries]


def _too_short(condition: Condition) -> bool:
    return len(condition) < SHORTEST if isinstance(condition, str) else any(map(_too_short, condition.of))


def sought(q: str, seen: Seen, kinds: Sequence[int], shown: int = SHOWN) -> tuple[Ranked, str, bool]:
    """What is found by the query; else by its mended form, which is given too; else what comes nearest (True)."""
    found = rank(q, seen, kinds, shown)
    if found.by_closeness or not found.what:
        return found, "", False
    near, missing = nearest(found.what, seen, kinds, max(shown, SHOWN))
    if better := mend(found.what.whole, missing, seen):
        again = rank(better, seen, kinds, shown)
        if again.by_closeness:
            return again, better, False
    return near, "", True
