"""What stands in a cell as the portal keeps it: dates and numbers however they were typed, choices, codes and names."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override
from rapidfuzz import fuzz, process

from govlab.finding import fold
from govlab.thai import BE_AHEAD, FIRST_BE_YEAR, FIRST_CE_YEAR, LAST_BE_YEAR, LAST_CE_YEAR, arabic_digits, parse_date
from projects.exchange.books import FORMULA
from projects.exchange.columns import BETWEEN, NATURAL_KEYS, Column
from projects.exchange.reading_headings import heading_of
from projects.models import Synonyms

CLEAR = "-"
"""What people type into a cell so that the value goes; an empty cell leaves it as it is."""
NEAR = 72
"""How much alike two names are, of 100, for the one to be offered instead of the other."""
YES = {"true", "yes", "ใช่", "1", "มี"}
NO = {"false", "no", "ไม่ใช่", "ไม่", "0", "ไม่มี"}
ERRORS = {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!"}


def text_of(value: Any) -> str:
    """A cell's value as a text: whole numbers without a point, no apostrophe that keeps Excel from calculating."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def same(before: Any, after: Any) -> bool:
    """Whether two values of a column say the same; Excel keeps 15 digits of a number, and other ends of lines."""
    if isinstance(before, str) and isinstance(after, str):
        return before == after or _bare(before) == _bare(after)
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return before == after or float(before) == float(after)
    if isinstance(before, tuple) and isinstance(after, tuple):
        return sorted(before) == sorted(after)
    return bool((None if before in ("", ()) else before) == (None if after in ("", ()) else after))


def _bare(text: str) -> str:
    return "".join(char for char in text_of(text) if char.isprintable() or char in "\n\t")


class Names:
    """By which codes and names records are known, read once for each kind; `learn` adds one that was just made."""

    def __init__(self) -> None:
        self._codes: dict[type[models.Model], dict[str, Any]] = {}
        self._names: dict[type[models.Model], dict[str, set[Any]]] = {}
        self._records: dict[tuple[type[models.Model], Any], Any] = {}
        self._choices: dict[str, dict[str, str]] = {}
        self._alike: dict[str, set[str]] | None = None

    def _load(self, model: type[models.Model]) -> None:
        if model in self._codes:
            return
        self._codes[model], self._names[model] = {}, defaultdict(set)
        key = NATURAL_KEYS[model]
        columns = [key, *named_by(model)]
        for row in model._default_manager.order_by().values_list(*columns):
            self._note(model, row[0], row[1:])

    def _note(self, model: type[models.Model], key: Any, names: Iterable[Any]) -> None:
        self._codes[model][str(key).casefold()] = key
        for name in filter(None, names):
            self._names[model][fold(str(name))].add(key)

    def learn(self, record: models.Model) -> None:
        """A record that the file itself brought in can be named by the rows below it."""
        model = type(record)
        if model in NATURAL_KEYS:
            self._load(model)
            self._note(model, getattr(record, NATURAL_KEYS[model]), [getattr(record, name) for name in named_by(model)])

    def find(self, model: type[models.Model], text: str) -> Any:
        """The code of the record that the text names; ValidationError with the nearest name where there is none."""
        self._load(model)
        text = arabic_digits(text)
        if (key := self._codes[model].get(text.casefold())) is not None:
            return key
        found = self._names[model].get(fold(text), set()) or self._by_another_word(model, text)
        if len(found) == 1:
            return next(iter(found))
        if found:
            codes = ", ".join(sorted(map(str, found))[:5])
            raise ValidationError(
                _("Several have this name. Type the code of the right one: %(codes)s") % {"codes": codes}
            )
        raise ValidationError(self._unknown(model, text))

    def _by_another_word(self, model: type[models.Model], text: str) -> set[Any]:
        """The codes of those that are called by a word which staff wrote down as meaning the same."""
        if self._alike is None:
            self._alike = defaultdict(set)
            for group in Synonyms.objects.all():
                words = {fold(word) for word in group.listed()}
                for word in words:
                    self._alike[word] |= words - {word}
        return {key for word in self._alike.get(fold(text), ()) for key in self._names[model].get(word, ())}

    def _unknown(self, model: type[models.Model], text: str) -> str:
        known = self._names[model]
        codes, named = self._codes[model], known.keys()
        near = process.extractOne(fold(text), named, scorer=fuzz.WRatio, score_cutoff=NEAR) or ("", 0.0, 0)
        code = process.extractOne(text.casefold(), codes.keys(), scorer=fuzz.ratio, score_cutoff=NEAR) or ("", 0.0, 0)
        if not near[1] and not code[1]:
            sentence = _("The portal knows no “%(text)s”. Add it to the portal first, or correct it.")
            return sentence % {"text": text[:100]}
        key = codes[code[0]] if code[1] >= near[1] else min(known[near[0]])
        record = self.record(model, key)
        offered = f"{record} ({key})" if str(record) != str(key) else str(key)
        return _("The portal knows no “%(text)s”. Did you mean %(near)s?") % {"text": text[:100], "near": offered}

    def record(self, model: type[models.Model], key: Any) -> Any:
        """The record with this code."""
        if (model, key) not in self._records:
            self._records[(model, key)] = model._default_manager.get(**{NATURAL_KEYS[model]: key})
        return self._records[(model, key)]

    def choices(self, column: Column) -> dict[str, str]:
        """Each choice of the column by its key and by what it is called, folded, in both languages."""
        if column.name not in self._choices:
            found = {fold(key): key for key in column.choices}
            for language in ("th", "en"):
                with override(language):
                    found |= {fold(str(label)): key for key, label in column.choices.items()}
            self._choices[column.name] = found
        return self._choices[column.name]

    def named(self, model: type[models.Model], text: str) -> set[Any]:
        """The codes of those with this very name."""
        self._load(model)
        return self._names[model].get(fold(text), set())


def named_by(model: type[models.Model]) -> list[str]:
    """The columns in which records of this kind are called something."""
    wanted = ("name_th", "name_en", "short_th", "short_en", "title_th", "title_en")
    there = {field.name for field in model._meta.concrete_fields}
    return [name for name in wanted if name in there]


# --- one cell --------------------------------------------------------------------------------------------------------
def value_of(column: Column, raw: Any, names: Names) -> Any:
    """The value of a cell that is not empty, as `column.value` gives that of a record; None where it is to be cleared.

    Raises ValidationError with a sentence that says what to type instead.
    """
    if isinstance(raw, str) and raw.strip().casefold() in ERRORS:
        raise ValidationError(_("This cell holds an error of Excel. Correct its formula, or type the value."))
    if text_of(raw) == CLEAR:
        return () if column.kind == "codes" else None
    return READERS[column.kind](column, raw, names)


def _text(column: Column, raw: Any, names: Names) -> str:
    return text_of(raw)


def _number(raw: Any) -> Decimal:
    try:
        number = Decimal(arabic_digits(text_of(raw)).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(raw, (bool, date)) or not number.is_finite():
        raise ValidationError(_("This is no number. Type it like 1,250 or 3.5."))
    return number


def _whole(column: Column, raw: Any, names: Names) -> int:
    number = _number(raw)
    if number % 1 or abs(number) > 10**15:
        raise ValidationError(_("Type a whole number."))
    return int(number)


def _year(column: Column, raw: Any, names: Names) -> int:
    text = text_of(raw).replace("พ.ศ.", "").replace("ค.ศ.", "") if isinstance(raw, str) else raw
    year = _whole(column, text, names)
    if FIRST_CE_YEAR <= year <= LAST_CE_YEAR:
        year += BE_AHEAD
    if not FIRST_BE_YEAR <= year <= LAST_BE_YEAR:
        raise ValidationError(_("Type a Buddhist year like 2564."))
    return int(names.find(column.names, str(year))) if column.names else year


def _date(column: Column, raw: Any, names: Names) -> date:
    if not isinstance(raw, date):
        return parse_date(text_of(raw))
    day = raw.date() if isinstance(raw, datetime) else raw
    if day.year < FIRST_BE_YEAR:
        return parse_date(day.isoformat())
    try:
        return day.replace(year=day.year - BE_AHEAD)
    except ValueError:
        raise ValidationError(_("This year has no 29 February. Correct the date.")) from None


def _yes_no(column: Column, raw: Any, names: Names) -> bool:
    word = text_of(raw).casefold()
    if word not in YES | NO:
        raise ValidationError(_("Type yes or no."))
    return word in YES


def _code(column: Column, raw: Any, names: Names) -> Any:
    if column.names:
        return names.find(column.names, text_of(raw))
    choices = names.choices(column)
    found = choices.get(fold(text_of(raw)))
    if found is None and column.besides and re.fullmatch(column.besides, text_of(raw).upper()):
        return text_of(raw).upper()
    if found is None:
        near = process.extractOne(fold(text_of(raw)), choices.keys(), scorer=fuzz.WRatio, score_cutoff=NEAR)
        words = {"near": column.choices[choices[near[0]]]} if near else {}
        if near:
            raise ValidationError(_("This is none of the choices. Did you mean %(near)s?") % words)
        offered = ", ".join(str(label) for label in list(column.choices.values())[:6])
        raise ValidationError(
            _("This is none of the choices. Choose from the list: %(offered)s") % {"offered": offered}
        )
    return found


def _codes(column: Column, raw: Any, names: Names) -> tuple[str, ...]:
    parts = [part.strip() for part in text_of(raw).replace("\n", ";").split(BETWEEN.strip())]
    model: Any = column.names
    return tuple(dict.fromkeys(str(names.find(model, part)) for part in parts if part))


READERS: dict[str, Callable[[Column, Any, Names], Any]] = {
    "text": _text,
    "address": _text,
    "whole": _whole,
    "decimal": lambda column, raw, names: _number(raw),
    "year": _year,
    "date": _date,
    "yes_no": _yes_no,
    "code": _code,
    "codes": _codes,
}
"""How a cell is read, by the kind of its column."""


def headings(columns: Sequence[Column]) -> dict[str, str]:
    """The columns' names by every heading that is taken for them: the portal's in Thai and English, and the name.

    What else people write above them counts where no column is called so.
    """
    also: dict[str, str] = {}
    for language in ("en", "th"):
        with override(language):
            also |= {heading_of(alias): column.name for column in columns for alias in column.aliases}
    found = also | {heading_of(column.name): column.name for column in columns}
    for language in ("en", "th"):
        with override(language):
            found |= {heading_of(column.label): column.name for column in columns}
    return found | {f"={column.name}": column.name for column in columns}
