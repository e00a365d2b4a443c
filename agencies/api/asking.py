"""What every list of the API may be asked besides its page's filters: words, an order, what changed since."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from agencies.models import Membership
from govlab.asking import LONGEST
from govlab.filters import holding
from govlab.problems import not_offered
from govlab.thai import normalise

NO_MOMENT = _("Type a moment with its time zone, such as 2026-11-21T09:30:00+07:00.")

DID_YOU_MEAN = _("There is no such parameter here. Did you mean: %(known)s?")
NO_PARAMETER = _("There is no such parameter here. Choose from: %(known)s.")
ASKED_OF_ALL = ("q", "order", "updated_since", "fields", "include", "format")
"""The parameters of every list."""
PAGED = ("page_query_param", "page_size_query_param", "cursor_query_param")
"""Where what cuts a list into pages says the names of its own."""


def orders_of(door: Any, model: Any) -> dict[str, tuple[str, ...]]:
    """The orders that every list knows, by their names: by its key, by title, by when it was changed last."""
    key = "id" if door.lookup_field == "pk" else door.lookup_field
    orders: dict[str, tuple[str, ...]] = {key: (door.lookup_field, "pk"), f"-{key}": (f"-{door.lookup_field}", "-pk")}
    names = {field.name for field in model._meta.concrete_fields}
    for name, columns in (("title", ("sort_key",)), ("due", ("due_on",)), ("date", ("starts_on",))):
        if {*columns} <= names:
            orders |= {name: (*columns, "pk"), f"-{name}": (*(f"-{column}" for column in columns), "-pk")}
    if "updated_at" in names:
        orders |= {"updated": ("-updated_at", "pk"), "-updated": ("updated_at", "pk")}
    return orders


def held(rows: QuerySet[Any], text: str, columns: Iterable[str]) -> QuerySet[Any]:
    """The rows that hold every one of the words in one of these columns."""
    for word in normalise(text).split():
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(found)
    return rows


def since_of(request: Request, name: str) -> Any:
    """The moment that a parameter names, None without it; raises ValidationError at its name."""
    typed = request.query_params.get(name)
    if typed is None:
        return None
    try:
        moment = parse_datetime(typed.strip().replace(" ", "+"))  # an unquoted + of the time zone comes as a space
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment) or not 1970 <= moment.year < 9000:
        raise ValidationError({name: [NO_MOMENT]})
    return moment


def regained(person: Any, since: Any) -> bool:
    """Whether the person's own rights changed since: then everything may have become theirs to see."""
    if not person.is_authenticated:
        return False
    own = type(person).history.filter(id=person.pk, history_date__gte=since)
    return own.exists() or Membership.history.filter(user_id=person.pk, history_date__gte=since).exists()


@dataclass(frozen=True)
class Steps:
    """Says which changes of another record count by what they did, and not by how the record stood before."""

    counts: Callable[[Any], Q]

    def __call__(self, person: Any) -> Q:
        """Those that count for the person."""
        return self.counts(person)


def _states(model: Any, since: Any, counts: Q, *, before: bool) -> list[Any]:
    """How records stood that moved since: each state from then on that counts; `before`: the one until then as well."""
    rows = model.history
    moved = rows.filter(history_date__gte=since)
    if not before:
        return [moved.filter(counts)]
    until = rows.filter(id=OuterRef("id"), history_date__lt=since).order_by("-history_date", "-history_id")
    last = rows.filter(id__in=moved.values("id"), history_id=Subquery(until.values("history_id")[:1]))
    return [moved.filter(counts), last.filter(counts)]


def _along(model: Any, path: str, since: Any, counts: Q | None, *, steps: bool) -> Q:
    """The rows of the model that are told with something at the end of this path which moved since."""
    *way, name = path.split("__")
    owner = model
    for step in way:
        owner = owner._meta.get_field(step).related_model
    field = owner._meta.get_field(name)
    found = Q()
    if field.one_to_many or (field.one_to_one and field.auto_created):  # those that it stands under, or stood
        place = f"{'__'.join(way) or 'pk'}__in"
        for states in _states(field.related_model, since, counts or Q(), before=not steps):
            found |= Q(**{place: states.values(field.field.attname)})
        return found
    for states in _states(field.related_model, since, counts or Q(), before=counts is not None and not steps):
        near = model._base_manager.filter(**{f"{path}__in": states.values("id")})
        found |= Q(pk__in=near.order_by().values("pk"))
    if not way:  # what is removed, the database takes out of those that named it without a trace there
        gone = field.related_model.history.filter(history_date__gte=since, history_type="-").values("id")
        if field.many_to_many:
            name = f"historical{model._meta.model_name}_{name}__{field.m2m_reverse_field_name()}"
        found |= Q(pk__in=model.history.filter(**{f"{name}__in": gone}).values("id"))
    return found


def changed(door: Any, rows: QuerySet[Any], since: Any) -> QuerySet[Any]:
    """The rows that may read otherwise than at that moment: their own change, or one of what is told with them."""
    person = door.request.user
    if regained(person, since):
        return rows
    model: Any = rows.model
    found = Q(pk__in=model.history.filter(history_date__gte=since).values("id"))
    for path, counts in door.touched.items():
        found |= _along(model, path, since, counts(person) if counts else None, steps=isinstance(counts, Steps))
    return rows.filter(found)


def refuse_unheard_of(asked: Iterable[str], known: Sequence[str]) -> None:
    """Raises ValidationError at parameters that a list does not know: a misspelt filter must not give everything."""
    refusals = {}
    for name in asked:
        if name not in known:
            near = get_close_matches(name, known, 3)
            words = {"known": ", ".join(near or known)}
            refusals[name[:80]] = [(DID_YOU_MEAN if near else NO_PARAMETER) % words]
    if refusals:
        raise ValidationError(refusals)


def refusals_of(form: Any) -> dict[str, list[str]]:
    """What is said by field of the values that the filters of a list refuse."""
    errors = form.errors.as_data()
    return {name: [_refusal(form.fields.get(name), error) for error in errors[name]] for name in errors}


def _refusal(field: Any, error: Any) -> str:
    """The sentence of the page, which shows what it offers; a program is told."""
    if error.code != "invalid_choice" or isinstance(field, forms.ModelChoiceField):
        return str(error.messages[0])
    offered = [str(key) for key in dict(flatten_choices(field.choices)) if key != ""]
    return not_offered(error.params["value"], offered)


class Asked(DjangoFilterBackend):
    """The pages' own FilterSets with words, order and `updated_since`; a parameter or value not known is a 400."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The rows that were asked for; where nothing was asked, what a select would offer is not read."""
        filters, asked = self.get_filterset_class(view, queryset), request.query_params
        own = filters.base_filters if filters else {}
        refuse_unheard_of(asked, [*own, *ASKED_OF_ALL, *filter(None, (getattr(view.paginator, n, "") for n in PAGED))])
        rows = queryset
        if any(name in asked for name in own):
            filtered = self.get_filterset(request, rows, view)
            if not filtered.is_valid():
                raise ValidationError(refusals_of(filtered.form))
            rows = filtered.qs
        if (text := asked.get("q", "").strip()) and "q" not in own:
            rows = self.worded(rows, text, view)
        if (order := asked.get("order", "")) and "order" not in own:
            orders = orders_of(view, queryset.model)
            if order not in orders:
                raise ValidationError({"order": [not_offered(order, [*orders])]})
            rows = rows.order_by(*orders[order])
        since = since_of(request, "updated_since")
        return rows if since is None else changed(view, rows, since)

    def worded(self, rows: QuerySet[Any], text: str, view: Any) -> QuerySet[Any]:
        """The rows that hold the words: by the search's index where it knows them, else by the door's columns."""
        if len(text) > LONGEST or "\0" in text:
            most = _("Type %(limit_value)d characters or fewer.") % {"limit_value": LONGEST}
            raise ValidationError({"q": [most]})
        if hasattr(rows.model, "found_as"):
            return holding(rows, text)
        return held(rows, text, view.searched or texts_of(rows.model))


def texts_of(model: Any) -> list[str]:
    """The names of a record that has them, which everybody reads who reads the record."""
    names = ("key", "name_th", "name_en", "title_th", "title_en")
    return [name for name in names if _has(model, name)]


def _has(model: Any, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
