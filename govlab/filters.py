"""What every filter of a list has in common: words to find, choices that exist, a sentence where one does not."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from govlab.gather import Line, gather
from govlab.thai import normalise, pick, sort_key

LONGEST, MOST_TERMS = 200, 10  # characters and words of what is looked for


def terms(text: str) -> list[str]:
    """The words of a query in the form that stored text has: at most MOST_TERMS of its first LONGEST characters."""
    return normalise(text[:LONGEST]).split()[:MOST_TERMS]


def holding(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The listed records (`govlab.records.Listed`) whose text holds every word of the query."""
    for term in terms(text):
        rows = rows.filter(search_text__contains=term)
    return rows


class Words(django_filters.CharFilter):
    """A box for words; a record is found when it holds all of them."""

    def __init__(self, **extra: Any) -> None:
        messages = {"max_length": _("Type %(limit_value)d characters or fewer.")}
        super().__init__(label=_("Words"), max_length=LONGEST, error_messages=messages, **extra)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows that hold the words."""
        return holding(qs, value)


class Choice(django_filters.ChoiceFilter):
    """A select; a value that is not offered is refused with a sentence, never silently left out."""

    def __init__(self, **extra: Any) -> None:
        messages = {"invalid_choice": _("“%(value)s” is not in the list. Choose one that is.")}
        super().__init__(**{"empty_label": _("All"), "error_messages": messages, **extra})


class Filters(django_filters.FilterSet):
    """A filter whose selects take their choices from the database, all in one query."""

    def offers(self) -> list[QuerySet[Any]]:
        """What the selects offer, each made by `govlab.gather.line` under the name of its select."""
        return []

    def label(self, choice: Line) -> str:
        """A choice as people read it, in the active language where there is one."""
        return pick(choice, "name") or choice.key

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = self.offers()
        choices = gather(*offers) if offers else {}
        for name, filter_ in self.filters.items():
            if isinstance(filter_, Choice) and "choices" not in filter_.extra:
                named = [(choice.place, self.label(choice), choice.key) for choice in choices.get(name, [])]
                named.sort(key=lambda choice: (choice[0], sort_key(choice[1])))
                filter_.extra["choices"] = [(key, label) for _place, label, key in named]
