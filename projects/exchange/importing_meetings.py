"""Which meeting a row names: by its code, its title, or its number with the series and the day that stand beside it."""

import re
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override
from rapidfuzz import fuzz, process

from govlab.finding import fold
from projects.exchange.reading_values import NEAR
from projects.models import Meeting


class Named(NamedTuple):
    """A meeting by what rows say of it."""

    key: str
    full_name: str
    series: frozenset[str]
    starts_on: date


class MeetingNames:
    """By what meetings are called in both languages; read once, when the first row names one."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, Named]] = {}

    def _load(self) -> None:
        if self._names:
            return
        for row in Meeting.objects.select_related("series").order_by("starts_on", "key"):
            names, series = {row.key, row.title_th, row.title_en}, set()
            names |= {f"{row.number}/{row.year}"} if row.number and row.year else set()
            for language in ("th", "en"):
                with override(language):
                    names |= {str(row), row.full_name}
                    series |= {str(row.series), row.series.key} if row.series else set()
            known = Named(row.key, row.full_name, frozenset(map(fold, series)), row.starts_on)
            for name in filter(None, names):
                self._names.setdefault(_plain(name), {})[row.key] = known

    def _meant(self, values: dict[str, Any]) -> list[Named]:
        self._load()
        found = list(self._names.get(_plain(values["meeting"]), {}).values())
        exact = [each for each in found if each.key == values["meeting"].casefold()]
        if exact or len(found) < 2:
            return exact or found
        series, day = values.get("series"), values.get("starts_on")
        found = [each for each in found if not series or fold(series) in each.series]
        return [each for each in found if not day or each.starts_on == day]

    def only(self, values: dict[str, Any]) -> str | None:
        """The code of the meeting that a row means, None where it says none or not which."""
        found = self._meant(values) if values.get("meeting") else []
        return found[0].key if len(found) == 1 else None

    def find(self, values: dict[str, Any]) -> str:
        """The code of the meeting that a row means; ValidationError with the nearest, or with those it could be."""
        text, found = values["meeting"], self._meant(values)
        if len(found) == 1:
            return found[0].key
        several = found or list(self._names.get(_plain(text), {}).values())
        if several:
            codes = ", ".join(f"{each.full_name} ({each.key})" for each in several[:5])
            sentence = _("Several have this name. Type the code of the right one: %(codes)s")
            raise ValidationError(sentence % {"codes": codes})
        near = process.extractOne(_plain(text), self._names.keys(), scorer=fuzz.WRatio, score_cutoff=NEAR)
        if near is None:
            sentence = _("The portal knows no “%(text)s”. Add it to the portal first, or correct it.")
            raise ValidationError(sentence % {"text": text[:100]})
        offered = next(iter(self._names[near[0]].values()))
        sentence = _("The portal knows no “%(text)s”. Did you mean %(near)s?")
        raise ValidationError(sentence % {"text": text[:100], "near": f"{offered.full_name} ({offered.key})"})


def _plain(text: str) -> str:
    return re.sub(r"\s*/\s*", "/", fold(text))
