"""Words in the ledger: what the search finds of resolutions and agencies, and what the assignments say themselves.

An assignment has no entry in the index of the search. Its own text is looked for word by word as people typed it, in
the words for the same, and with Thai digits.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from agencies.models import Agency
from govlab import edition
from govlab.asking import Asked, asked, said, split, synonyms, terms
from govlab.finding import fold
from govlab.listing import numbers_of
from govlab.thai import thai_digits
from projects.models import Resolution


def each_word(text: str) -> Iterator[tuple[str, Asked]]:
    """Every word that was typed, with what the search makes of it; one query, none without words."""
    if not (found := terms(text)):
        return
    groups = synonyms.at(edition.current())
    for term in found:
        if what := asked(term, groups):
            yield term, what


def own_text(term: str, what: Asked, *columns: str) -> Q:
    """That one of the columns says the word, or every part of it in words for the same."""
    known = synonyms.groups.written | {fold(word): word for word in split(term)}
    found, parts = _says({term, thai_digits(term)}, *columns), Q()
    for part in what.parts:
        ways = {known.get(text, text) for text in said(part)}
        parts &= _says(ways | {thai_digits(way) for way in ways}, *columns)
    return found | parts if parts else found


def _says(texts: set[str], *columns: str) -> Q:
    found = Q()
    for text in sorted(texts):
        for column in columns:
            found |= Q(**{f"{column}__icontains": text})
    return found


def saying(text: str, *columns: str) -> Q:
    """That a record's own columns say every word."""
    found = Q()
    for term, what in each_word(text):
        found &= own_text(term, what, *columns)
    return found


def asking_for(text: str, person: Any) -> Q:
    """Assignments that say every word themselves, in their resolution or in the name of the agency asked.

    A resolution that the person does not see tells nothing here, although the assignment under it is theirs.
    """
    seen, found = Resolution.objects.visible_to(person).order_by(), Q()
    for term, what in each_word(text):
        resolved = seen.filter(pk__in=numbers_of(Resolution, what.wide))
        named = Agency.objects.order_by().filter(pk__in=numbers_of(Agency, what.wide))
        here = own_text(term, what, "text_th", "text_en")
        found &= here | Q(resolution__in=resolved.values("pk")) | Q(agency__in=named.values("pk"))
    return found
