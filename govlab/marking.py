"""Marking in a text what was looked for, never between a letter and what is written above, below and around it."""

import re
from collections.abc import Sequence
from itertools import groupby

from govlab.finding import fold, fold_with_places

_CLUSTER = re.compile("[\u0e40-\u0e44]?[^\u0e31\u0e33-\u0e3a\u0e47-\u0e4e][\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]*|.", re.S)
"""A letter with what is written above, below and around it: never marked in part."""
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u0300-\u036f]+(?:['’][A-Za-z]+)*(?:(?<=s)['’])?")
"""A word in Latin letters, with what an apostrophe adds to it: guide's, guides'."""


def clusters_of(text: str) -> list[str]:
    """The text in letters, each with what is written above, below and around it."""
    return _CLUSTER.findall(text)


def pieces(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The text cut into what holds one of the words (True) and what does not, never between a letter and its marks.

    Words are compared by their sound (`fold`), so what was typed otherwise is marked too. Of a Latin word that holds
    one the whole is marked: never the tour of tourism.
    """
    wanted = [word for word in map(fold, words) if word]
    clusters = clusters_of(text)
    if not wanted or not clusters:
        return [(text, False)] if text else []
    folded, places = fold_with_places(clusters)
    marked = [False] * len(clusters)
    for word in wanted:
        at = folded.find(word)
        while at >= 0:
            last = places[at + len(word) - 1]
            if last and clusters[last] == clusters[last - 1] and last - 1 not in places:
                last -= 1  # the first of two letters that are one sound: of การรายงาน the word การ has only the one
            for place in range(places[at], last + 1):
                marked[place] = True
            at = folded.find(word, at + len(word))
    for latin in _LATIN.finditer("".join(cluster[0] for cluster in clusters)):  # one letter for each cluster
        first, last = latin.span()
        if any(marked[first:last]):
            marked[first:last] = [True] * (last - first)
    runs = groupby(zip(clusters, marked, strict=True), key=lambda each: each[1])
    return [("".join(cluster for cluster, _mark in run), mark) for mark, run in runs]
