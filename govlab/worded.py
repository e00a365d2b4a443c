"""Queries put into the database's words once: what every visitor asks is the same but for a few values.

Django needs ten times longer to put such a query into words than the database needs to answer it. So

    @worded(project=BigIntegerField(), on=DateField())
    def looks(least: int, *, project: Any, on: Any) -> QuerySet[Any]:
        return Seen.objects.filter(project=project, on__lt=on, times__gte=least)

    looks(3, project=7, on=today)  # the rows as a list, just as list(looks.plain(3, project=7, on=today))

puts the query into words at the first call and afterwards only sets the values in. What is given by place shapes the
query, and so does which names are given; each shape is kept by itself. A query must follow from these alone: no
person, clock, language or record may be read while it is made.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import update_wrapper
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import ValuesListIterable
from django.db.models.sql import Query

KEPT = 64
"""How many shapes of one query are kept."""
READING = ("select", "klass_info", "annotation_col_map", "col_count", "has_extra_select")
"""What a compiler knows of the rows that come."""
PLACES = re.compile("%%|%s")
Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Place:
    """Where a value goes, among the parameters of a statement; `say` puts the value into words for a connection."""

    name: str
    say: Callable[[Any, Any], Sql]


class Given(Expression):
    """A value that is known only when the query is asked; None is no value. A list stands for several, after IN."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name
        self.place = Place(name, self.say)

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        """Its place."""
        return "%s", [self.place]

    def say(self, value: Any, connection: Any) -> Sql:
        """The value as the database takes it."""
        several = value if isinstance(value, list) else [value]
        params = [self.output_field.get_db_prep_value(one, connection) for one in several]
        return ", ".join(["%s"] * len(params)) or "NULL", params


class Statement:
    """One query in the database's words, cut where values go; it holds no connection, so every thread may ask it."""

    def __init__(self, rows: Any) -> None:
        if rows._prefetch_related_lookups:
            raise ValueError("What a query prefetches would be put into words each time: ask for it by itself.")
        made = rows.query.get_compiler(using=rows.db)
        try:
            sql, params = made.as_sql()
        except EmptyResultSet:  # nothing can meet its conditions
            sql, params = "", ()
        # Of the query only what tells how to read its rows: the whole takes ten times as much memory.
        query: Any = Query(rows.model)
        query.selected = dict.fromkeys(rows.query.selected or ())
        self.compiler = type(made)(query, None, rows.db)
        for name in READING:
            setattr(self.compiler, name, getattr(made, name))
        self.rows: Any = type(rows)(model=rows.model, query=query, using=rows.db)
        self.rows._iterable_class, self.rows._fields = rows._iterable_class, rows._fields
        self.parts = _cut(sql, params)
        self.plain = bool(sql) and rows._iterable_class is ValuesListIterable and not _converted(made)

    def said(self, given: Mapping[str, Any], connection: Any) -> Sql:
        """The whole statement with these values."""
        texts, params = [], []
        known: dict[int, Sql] = {}  # a long list of numbers stands in many places of one statement
        for place, text, values in self.parts:
            if place:
                if id(place) not in known:
                    known[id(place)] = place.say(given[place.name], connection)
                own, more = known[id(place)]
                texts.append(own)
                params += more
            texts.append(text)
            params += values
        return "".join(texts), params

    def ask(self, given: Mapping[str, Any]) -> list[Any]:
        """Its rows with these values, as the queryset would have made them."""
        connection = connections[self.rows.db]
        sql = self.said(given, connection)
        if self.plain:  # many short rows: to pass each one on takes longer than to read it
            with connection.cursor() as cursor:
                cursor.execute(*sql)
                return cursor.fetchall()
        rows, compiler = self.rows.all(), copy(self.compiler)
        compiler.connection, compiler.as_sql = connection, lambda *_args, **_kwargs: sql
        rows.query.get_compiler = lambda *_args, **_kwargs: compiler
        return list(rows)


def _converted(made: Any) -> bool:
    """Whether a value would come otherwise than the database gives it."""
    return bool(made.get_converters([column for column, *_more in made.select[: made.col_count]]))


def _cut(sql: str, params: Iterable[Any]) -> list[tuple[Place | None, str, list[Any]]]:
    """The statement in pieces: a place, none before the first piece, the text after it, and the text's parameters."""
    pieces: list[tuple[Place | None, str, list[Any]]] = []
    place: Place | None = None
    values: list[Any] = []
    left, start = iter(params), 0
    for found in PLACES.finditer(sql):
        if found[0] != "%s":
            continue
        value = next(left)
        if isinstance(value, Place):
            pieces.append((place, sql[start : found.start()], values))
            place, values, start = value, [], found.end()
        else:
            values.append(value)
    return [*pieces, (place, sql[start:], values)]


class Statements:
    """Statements by what shapes them; those that nobody asked for longest go first."""

    def __init__(self, most: int = KEPT) -> None:
        self.most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Statement] = OrderedDict()

    def ask(self, shape: Hashable, make: Callable[[], QuerySet[Any]], given: Mapping[str, Any]) -> list[Any]:
        """The rows of the query of this shape with these values; `make` makes it where its words are not kept."""
        with self._lock:
            if statement := self._kept.get(shape):
                self._kept.move_to_end(shape)
        if statement is None:
            statement = Statement(make())
            with self._lock:
                self._kept[shape] = statement
                while len(self._kept) > self.most:
                    self._kept.popitem(last=False)
        return statement.ask(given)


LISTS = Statements()
"""Of all lists together: visitors choose the page, so there is no end of them."""


class Steady:
    """A list whose query follows from its shape alone: a paginator cuts it in kept words; `make` makes the queryset."""

    def __init__(self, shape: Hashable, make: Callable[[], QuerySet[Any]]) -> None:
        self.shape, self.make = shape, make

    def __getitem__(self, cut: slice) -> list[Any]:
        return LISTS.ask((self.shape, cut.start, cut.stop), lambda: self.make()[cut], {})

    def count(self) -> int:
        """How many rows there are, asked anew."""
        return self.make().count()


class Worded:
    """A query that is asked in kept words; `plain` makes it anew, as a queryset."""

    def __init__(self, plain: Callable[..., QuerySet[Any]], fields: Mapping[str, Field]) -> None:
        update_wrapper(self, plain)
        self.plain = plain
        self.places = {name: Given(name, field) for name, field in fields.items()}
        self.statements = Statements()

    def __call__(self, *shape: Any, **given: Any) -> list[Any]:
        """The rows."""
        return self.statements.ask((shape, frozenset(given)), lambda: self.worded(*shape, names=given), given)

    def worded(self, *shape: Any, names: Iterable[str]) -> QuerySet[Any]:
        """The query with places for the values of these names."""
        return self.plain(*shape, **{name: self.places[name] for name in names})


def worded(**fields: Field) -> Callable[[Callable[..., QuerySet[Any]]], Worded]:
    """Keeps the words of the query that a function makes; `fields` are the kinds of its named values."""
    return lambda plain: Worded(plain, fields)
