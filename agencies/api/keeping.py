"""One mechanism instead of a hundred doors: a row says what is written about a noun, and by which rules.

POST adds, PATCH changes, DELETE removes, POST below a record carries out a verb. The rule decides, as behind a page's
form: the door only finds the record through what the person sees, asks for the answers, and tells the record again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import is_desk, require_desk
from agencies.api.columns import Makes, answers, key_of, seen_by, stepped
from agencies.api.doors import RecordDoor, Touched, needed_version, once, version_of
from agencies.api.filters import Known
from agencies.api.reading import Beside
from agencies.api.schema import KEY, MATCH, MUST_MATCH
from govlab.filters import Filters
from govlab.history import standing

Guard = Callable[[Any, Any], None]
"""Raises PermissionDenied for a person and a record (None where one is added), before anything is asked."""


def desk(person: Any, thing: Any) -> None:
    """Staff alone."""
    require_desk(person)


def ruled(person: Any, thing: Any) -> None:
    """Whoever the rule lets."""


@dataclass(frozen=True)
class Verb:
    """What is done with a record besides editing: the rule takes the record, `by`, `version` and the answers."""

    name: str
    rule: Callable[..., Any]
    summary: str
    about: str
    takes: Mapping[str, Makes] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    """Columns of the record that it takes, besides `takes`."""
    may: Guard = desk
    must_match: bool = False
    versioned: bool = True
    """Whether the rule looks at the version; where only an order or a list grows, nobody is disturbed."""


@dataclass(frozen=True)
class Noun:
    """What there is to write about one kind of record."""

    model: Any
    name: str
    """In words, such as "agenda item"."""
    columns: tuple[str, ...] = ()
    """What adding and changing take."""
    begins: tuple[str, ...] = ()
    """What only adding takes, such as what it stands under."""
    later: tuple[str, ...] = ()
    """What only changing takes."""
    whole: tuple[str, ...] = ()
    """Columns that the rule wants with every change: what is not sent goes along as it stands."""
    add: Callable[..., Any] | None = None
    edit: Callable[..., Any] | None = None
    remove: Callable[..., Any] | None = None
    verbs: tuple[Verb, ...] = ()
    may: Guard = desk
    asks: Mapping[str, Makes] = field(default_factory=dict)
    """Fields that are asked otherwise than the column says."""
    said_as: Mapping[str, str] = field(default_factory=dict)
    """What the rules call otherwise than the API."""
    reports: bool = False
    """Whether writing it is an agency's reporting: then a token of the scope `report` opens it."""
    removing: Callable[[Request], dict[str, Any]] = lambda request: {}
    """What removing takes from the address."""
    remove_parameters: tuple[Any, ...] = ()

    @property
    def title(self) -> str:
        """AgendaItem: the beginning of the names of its classes."""
        return "".join(word.capitalize() for word in self.name.split())

    @property
    def one(self) -> str:
        """An agenda item, a project."""
        return f"{'an' if self.name[0] in 'aeiou' else 'a'} {self.name}"


class Kept(RecordDoor):
    """A door that writes by the row of its noun."""

    noun: Noun

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal at a field names it as the API does."""
        if isinstance(exc, ValidationError) and hasattr(exc, "error_dict"):
            said = self.noun.said_as
            exc = ValidationError({said.get(name, name): value for name, value in exc.error_dict.items()})
        return super().handle_exception(exc)

    def where(self) -> dict[str, Any]:
        """What the address says about what is added."""
        return {}

    def added(self, made: Any) -> Response:
        """The new record, with its address."""
        response = self.told(made, 201)
        words = {**self.kwargs, self.lookup_url_kwarg or self.lookup_field: getattr(made, self.lookup_field)}
        response["Location"] = self.reverse_action("detail", kwargs=words)
        return response


def _create(noun: Noun, rule: Callable[..., Any]) -> Any:
    about = f"What is said of {noun.one}."
    sent = answers(f"Add{noun.title}", noun.model, noun.begins + noun.columns, needed=True, asks=noun.asks, about=about)

    @extend_schema(summary=f"Add {noun.one}", request=sent, parameters=[KEY])
    @once
    def create(door: Kept, request: Request, **words: Any) -> Response:
        """Its address stands in the Location header."""
        noun.may(door.person, None)
        return door.added(rule(by=door.person, **door.where(), **door.asked(sent)))

    return create


def _change(noun: Noun, rule: Callable[..., Any]) -> Any:
    about = f"What changes in {noun.one}."
    sent = answers(
        f"{noun.title}Changes", noun.model, noun.columns + noun.later, needed=False, asks=noun.asks, about=about
    )

    @extend_schema(summary=f"Change {noun.one}", request=sent, parameters=[MUST_MATCH])
    def partial_update(door: Kept, request: Request, **words: Any) -> Response:
        """What is not sent stays as it is."""
        thing = door.get_object()
        noun.may(door.person, thing)
        version = needed_version(request)
        along = {name: standing(thing, name) for name in noun.whole}
        return door.told(rule(thing, by=door.person, version=version, **(along | door.asked(sent))))

    return partial_update


def _remove(noun: Noun, rule: Callable[..., Any]) -> Any:
    @extend_schema(
        summary=f"Remove {noun.one}", responses={204: None}, parameters=[MUST_MATCH, *noun.remove_parameters]
    )
    def destroy(door: Kept, request: Request, **words: Any) -> Response:
        """Its history stays."""
        thing = door.get_object()
        noun.may(door.person, thing)
        rule(thing, by=door.person, version=needed_version(request), **noun.removing(request))
        return Response(status=204)

    return destroy


def _verb(noun: Noun, verb: Verb) -> Any:
    taken = tuple(verb.takes) + verb.columns
    name = f"{noun.title}{verb.name.replace('_', ' ').title().replace(' ', '')}"
    sent = answers(name, noun.model, taken, needed=True, asks=verb.takes, about=verb.about) if taken else None

    def act(door: Kept, request: Request, **words: Any) -> Response:
        thing = door.get_object()
        verb.may(door.person, thing)
        version = needed_version(request) if verb.must_match else version_of(request)
        more = {"version": version} if verb.versioned else {}
        verb.rule(thing, by=door.person, **more, **(door.asked(sent) if sent else {}))
        return door.told(thing)

    act.__name__ = f"carry_out_{verb.name}"  # the method's name: none of the framework's own, such as `list`
    act.__doc__ = verb.about
    address = verb.name.replace("_", "-")
    routed = action(detail=True, methods=["post"], url_path=address, url_name=address)(once(act))
    match = MUST_MATCH if verb.must_match else MATCH
    return extend_schema(summary=verb.summary, request=sent, parameters=[KEY, match])(routed)


WRITES: tuple[tuple[str, str, Callable[[Noun, Any], Any]], ...] = (
    ("add", "create", _create),
    ("edit", "partial_update", _change),
    ("remove", "destroy", _remove),
)
"""The column of the row, the method of the door, and what makes it."""


def keeping(door: type[RecordDoor], noun: Noun, record: Any = None) -> Any:
    """The door, which so far only reads, with everything that the noun's row lets one write; `record` is then told."""
    methods = {method: make(noun, rule) for name, method, make in WRITES if (rule := getattr(noun, name))}
    verbs = {f"carry_out_{verb.name}": _verb(noun, verb) for verb in noun.verbs}
    said = {"serializer_class": record} if record else {}
    reporting = (*door.reporting, *methods, *verbs) if noun.reports else door.reporting
    row = {"__doc__": door.__doc__, "noun": noun, "reporting": reporting}
    return type(door.__name__, (door, Kept), {**row, **said, **methods, **verbs})


# --- doors for records that had none ---------------------------------------------------------------------------------
def by(model: Any, column: str | None = None) -> Known:
    """A filter by another record, which the person must see."""
    extra = {"field_name": column} if column else {}
    return Known(lambda request: seen_by(model, request.user), key_of(model), **extra)


def names_of(model: Any) -> set[str]:
    """What columns the model has."""
    return {column.name for column in (*model._meta.concrete_fields, *model._meta.many_to_many)}


def staff_only(model: Any) -> Callable[[Any], QuerySet[Any]]:
    """All rows for staff, none for anybody else."""
    return lambda person: model.objects.all() if is_desk(person) else model.objects.none()


def reading(
    noun: Noun,
    record: type[serializers.Serializer[Any]],
    *,
    things: str,
    about: str,
    seen: Callable[[Any], QuerySet[Any]] | None = None,
    filters: Mapping[str, Any] | None = None,
    signed_in: bool = False,
    searched: tuple[str, ...] = (),
    touched: Touched | None = None,
    beside: Mapping[str, Beside] | None = None,
) -> type[RecordDoor]:
    """A door that lists and shows the records of a noun: those that the person sees, or what `seen` gives for them."""

    columns = [noun.model._meta.get_field(name) for name in record.Meta.fields if name in names_of(noun.model)]  # type: ignore[attr-defined]
    along = [column.name for column in columns if column.is_relation and not column.many_to_many]
    lists = [column.name for column in columns if column.many_to_many]

    def get_queryset(door: RecordDoor) -> QuerySet[Any]:
        rows = seen(door.person) if seen else seen_by(noun.model, door.person)
        return rows.select_related(*along).prefetch_related(*lists)

    attributes = {
        "__doc__": about,
        "serializer_class": record,
        "filterset_class": type(f"{noun.title}Filter", (Filters,), dict(filters)) if filters else None,
        "lookup_field": "pk" if key_of(noun.model) == noun.model._meta.pk.name else key_of(noun.model),
        "things": things,
        "searched": searched,
        "touched": touched or {},
        "beside": beside or {},
        "permission_classes": [IsAuthenticated if signed_in else IsAuthenticatedOrReadOnly],
        "get_queryset": get_queryset,
    }
    return type(f"{noun.title}Door", (RecordDoor,), attributes)


def door(
    noun: Noun,
    told: Any,
    things: str,
    about: str,
    *,
    steps: Callable[[Any, Any], list[str]] | None = None,
    **more: Any,
) -> Any:
    """A door that reads and writes a noun; where there are `steps`, each record says what the person may do with it."""
    read = reading(noun, told, things=things, about=about, **more)
    return keeping(read, noun, stepped(told, steps, called=noun.title) if steps else None)
