"""What every filter of a list has in common: words to find, choices that exist, a sentence where one does not."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from govlab import edition
from govlab.asking import LONGEST, Asked, asked, synonyms, terms
from govlab.gather import Line, gather, gathered, together
from govlab.listing import numbers_of
from govlab.thai import pick, sort_key
from govlab.worded import Statements

UNKNOWN = "unknown"
"""The choice of what nobody stated."""
NOT_IN_LIST = _("“%(value)s” is not in the list. Choose one that is.")

WORDS = Statements()


def holding(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The records that the search finds by these words, or by other words for the same; all where there are none.

    Queries: one, for the number of the edition.
    """
    return _held_by(rows, looked_for(text))


def looked_for(text: str) -> Asked | None:
    """What the words ask for; None where there are none. One query."""
    return asked(text, synonyms.at(edition.current())) if terms(text) else None


def _held_by(rows: QuerySet[Any], what: Asked | None) -> QuerySet[Any]:
    if what is None:
        return rows
    return rows.filter(pk__in=numbers_of(rows.model, what.wide)) if what else rows.none()


class Words(django_filters.CharFilter):
    """A box for words; a record is found when it holds all of them."""

    def __init__(self, **extra: Any) -> None:
        messages = {"max_length": _("Type %(limit_value)d characters or fewer.")}
        super().__init__(label=_("Words"), max_length=LONGEST, error_messages=messages, **extra)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows that hold the words; asked of many rows (facets), it reads the words once."""
        if self.read is None or self.read[0] != value:
            self.read = value, looked_for(value)
        return _held_by(qs, self.read[1])

    read: tuple[str, Asked | None] | None = None


class Choice(django_filters.ChoiceFilter):
    """A select; a value that is not offered is refused with a sentence, never silently left out."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(**{"empty_label": _("All"), "error_messages": {"invalid_choice": NOT_IN_LIST}, **extra})


class FirstOfSeveral(forms.Select):
    """A select that shows one of the values chosen; the address may name several."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Every value given under the name that is not empty, each once."""
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [value for value in dict.fromkeys([given] if isinstance(given, str) else given) if value]

    def format_value(self, value: Any) -> Any:
        """The first one."""
        return super().format_value((value or [])[:1])


class SeveralField(forms.MultipleChoiceField):
    """None, one or several of the choices."""

    widget = FirstOfSeveral

    def __init__(self, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(choices=[("", _("All")), *choices], **kwargs)


class Several(django_filters.MultipleChoiceFilter):
    """A facet: rows with any of the values chosen at `field_name`, each row once, whatever leads there.

    With `unstated`, a label, one may also choose what has no value there. A value not offered is refused.
    """

    field_class = SeveralField

    def __init__(self, *, unstated: Any = "", **extra: Any) -> None:
        self.unstated = unstated
        super().__init__(**{"error_messages": {"invalid_choice": NOT_IN_LIST}, **extra})

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """The rows with one of these values."""
        if not value:
            return qs
        column, model = str(self.field_name), qs.model
        found = Q(**{f"{column}__in": [one for one in value if one != UNKNOWN]})
        if UNKNOWN in value:
            found |= Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__exact": ""} if self.is_text(model) else {})
        if self.leads_to_many(model):
            return qs.filter(pk__in=model._base_manager.filter(found).values("pk"))
        return qs.filter(found)

    def leads_to_many(self, model: Any) -> bool:
        """Whether a row may have several values."""
        return bool(model._meta.get_field(str(self.field_name).partition("__")[0]).many_to_many)

    def is_text(self, model: Any) -> bool:
        """Whether what has no value there holds an empty text."""
        try:
            return bool(model._meta.get_field(str(self.field_name)).empty_strings_allowed)
        except FieldDoesNotExist:
            return False


class Filters(django_filters.FilterSet):
    """A filter whose selects take their choices from the database, all in one query."""

    same_for_all = False
    """Whether `offers` follows from the class alone, so that its words may be kept (`govlab.worded`)."""

    def offers(self) -> list[QuerySet[Any]]:
        """What the selects offer, each made by `govlab.gather.line` under the name of its select."""
        return []

    def offered(self) -> dict[str, list[Line]]:
        """The same, read."""
        if self.same_for_all:
            return gathered(WORDS.ask((type(self),), lambda: together(*self.offers()), {}))
        offers = self.offers()
        return gather(*offers) if offers else {}

    def label(self, choice: Line) -> str:
        """A choice as people read it, in the active language where there is one."""
        return pick(choice, "name") or choice.key

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.offered()
        for name, filter_ in self.filters.items():
            if isinstance(filter_, Choice | Several) and "choices" not in filter_.extra:
                named = [(choice.place, self.label(choice), choice.key) for choice in choices.get(name, [])]
                named.sort(key=lambda choice: (choice[0], sort_key(choice[1])))
                filter_.extra["choices"] = [(key, label) for _place, label, key in named]
            if isinstance(filter_, Several) and filter_.unstated:
                filter_.extra["choices"] = [*filter_.extra["choices"], (UNKNOWN, filter_.unstated)]
            # Whoever asked the class for its fields (the API's schema does) left one behind without these choices.
            filter_.__dict__.pop("_field", None)
