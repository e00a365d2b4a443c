"""Headings of files that people bring in: which column each names, and which may have been meant."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from govlab.thai import normalise

NEAR_HEADING = 75
"""How much alike two headings are, of 100, for the one to be offered instead of the other."""
LONGEST_HEADING = 100


def heading_of(text: Any) -> str:
    """A heading in the form in which headings are compared: without marks of what is needed."""
    return normalise(str(text)).replace("*", "").strip()


def named(text: Any, known: Mapping[str, str]) -> str | None:
    """The column that a heading names: by its name for programs as it stands (`=name`), else as people write it."""
    return known.get(f"={str(text).strip()}") or known.get(heading_of(text))


def _near(text: Any, known: Mapping[str, str], taken: Container[str] = ()) -> str | None:
    """The heading that one of the portal's own may have been meant to be; of no column that is there already."""
    offered = [heading for heading, name in known.items() if not heading.startswith("=") and name not in taken]
    found = process.extractOne(heading_of(text), offered, scorer=fuzz.ratio, score_cutoff=NEAR_HEADING)
    return found[0] if found else None


def nearly(values: Iterable[Any], known: Mapping[str, str]) -> dict[str, str]:
    """What of a row is no heading of the portal's but nearly one, with that one."""
    texts = [each for each in values if isinstance(each, str) and len(each) <= LONGEST_HEADING]
    return {short(text): found for text in texts if not named(text, known) if (found := _near(text, known))}


def asked_about(text: Any, known: Mapping[str, str], taken: Container[str]) -> str:
    """A heading that is not known, with the one that may have been meant, of no column that is taken already."""
    if near := _near(text, known, taken):
        return _("%(heading)s (did you mean “%(near)s”?)") % {"heading": short(text), "near": near}
    return short(text)


def short(text: Any) -> str:
    """A heading in one line of at most 100 characters."""
    return " ".join(str(text).split())[:100]
