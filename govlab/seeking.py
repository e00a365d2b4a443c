"""Finding in the index of the search: conditions as the database understands them.

Statements are put together here because both databases must be led to the index: SQLite finds letters with MATCH in
a table of its own, and only SQL says that the newest come first from there without sorting. Every text that somebody
typed goes to the database as a parameter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from govlab import sampling
from govlab.asking import SHORTEST, All, Condition, Spelt
from govlab.models import Edition, SearchEntry
from govlab.trigrams import HIDDEN, INDEXES, KIND, KIND_BITS, TABLE

EDITION = f"SELECT 0, COALESCE(SUM(steps), 0), 0, 0, '', '' FROM {Edition._meta.db_table}"
SHOWN = f"{TABLE}.title_th || ' ' || {TABLE}.title_en"
WRITTEN = {"folded_title": SHOWN, "folded_text": f"{SHOWN} || ' ' || {TABLE}.text"}
"""What the folded columns are made of."""
SAMPLED, SIZED = -1, -2
"""The names under which a statement brings a new sample, and how many entries there are of each kind."""
Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Branch:
    """One part of a search: what to look for in which column, of which kind (a number), at most how many."""

    name: int
    column: str
    condition: Condition
    most: int
    """So many are looked up and counted, kind by kind."""
    shown: int = 40
    """So many of each kind are given: those with most points, of equal ones the newest."""
    points: tuple[tuple[str, Condition, int], ...] = ()
    """What speaks for an entry: a column, a condition on it, and its points where it holds."""
    kind: int = 0
    """0: of all kinds, as they come; else SQLite has the newest of this kind."""
    head: int = 0
    """Where it is not 0: only so many of the newest of the kind are looked at, without the index. SQLite leaves this
    aside where its index has the newest first by itself."""


class Found(NamedTuple):
    """An entry that was found, its points, how many were found of its kind, and its titles: folded, and as shown."""

    number: int
    points: int
    of_kind: int
    title: str
    shown: str


def quoted(text: str) -> str:
    """A text as FTS5 reads one string."""
    return '"' + text.replace('"', '""') + '"'


def match_of(condition: Condition) -> str:
    """The condition in the words of FTS5, without what is too short for its index; "" where nothing is left.

    What is left is never narrower than the condition.
    """
    if isinstance(condition, str):
        return quoted(condition) if len(condition) >= SHORTEST else ""
    parts = [match_of(each) for each in condition.of]
    if isinstance(condition, All):
        return f"({' AND '.join(filter(None, parts))})" if any(parts) else ""
    return f"({' OR '.join(parts)})" if all(parts) else ""


def inexact(condition: Condition) -> bool:
    """Whether `match_of` is wider than the condition, so that what it finds is to be looked at again."""
    if isinstance(condition, str):
        return len(condition) < SHORTEST or isinstance(condition, Spelt)
    return any(map(inexact, condition.of))


def is_unsure(narrow: Condition, condition: Condition) -> bool:
    """Whether an entry that the index finds by the narrowed condition may not meet the condition."""
    return narrow != condition or inexact(narrow)


def holds_of(column: str, condition: Condition) -> Sql:
    """The condition on a column, each entry looked at: quicker than LIKE, and exact."""
    look = "INSTR" if connection.vendor == "sqlite" else "STRPOS"

    def holds(text: str) -> Sql:
        sql = f"{look}({TABLE}.{column}, %s) > 0"
        return (
            (f"({sql} AND {look}({WRITTEN[column]}, %s) > 0)", [text, text.typed])
            if isinstance(text, Spelt)
            else (sql, [text])
        )

    return _of(condition, holds)


def like_of(column: str, condition: Condition) -> Sql:
    """The condition on a column, as the index of PostgreSQL understands it."""
    return _of(condition, lambda text: (f"{TABLE}.{column} LIKE %s", [f"%{_escaped(text)}%"]))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _of(condition: Condition, each: Callable[[str], Sql]) -> Sql:
    if isinstance(condition, str):
        return each(condition)
    parts = [_of(part, each) for part in condition.of]
    joint = " AND " if isinstance(condition, All) else " OR "
    return f"({joint.join(sql for sql, _params in parts)})", [param for _sql, params in parts for param in params]


def where_of(rows: Any) -> Sql:
    """The conditions of a queryset of entries, for a statement that reads the table under its own name."""
    compiler = rows.query.get_compiler(connection=connection)
    compiler.as_sql()
    sql, params = compiler.compile(rows.query.where)
    return sql, list(params)


class Seen:
    """What of the index somebody may know of: what is public, and what else `more` lets them see."""

    def __init__(self, more: Q | None = None) -> None:
        self.sqlite = connection.vendor == "sqlite"
        if self.sqlite:
            # The few that are hidden stand in an index of their own; the big rows of the others are left unread.
            hidden = SearchEntry.objects.filter(public=False)
            sql, self.params = where_of(hidden.exclude(more) if more else hidden)
            self.sql = f"NOT EXISTS (SELECT 1 FROM {TABLE} INDEXED BY {HIDDEN} WHERE NOT public AND id = %s AND {sql})"
        else:
            public = Q(public=True)
            self.sql, self.params = where_of(SearchEntry.objects.filter(public | more if more else public))

    def of(self, number: str) -> Sql:
        """As a condition on an entry whose number stands in this column."""
        return (self.sql.replace("%s", number, 1) if self.sqlite else self.sql), self.params


def narrowed(condition: Condition) -> Condition:
    """What the index is asked for: each text takes time, even where others leave little to be found."""
    return sampling.kept.sample.narrow(condition, most=3, apart=connection.vendor != "sqlite")


EACH = "each_kind.number"
"""On PostgreSQL the kinds that are searched alike, one after the other, in a statement that is not six times as long:
reading it takes a millisecond."""


def _within(number: str, kind: int = 0) -> Sql:
    """That an entry is of this kind, for a walk along the numbers; 0: of the kind that `EACH` stands for."""
    if not kind:
        return f"{number} > ({EACH} << {KIND_BITS}) AND {number} < ({EACH} + 1 << {KIND_BITS})", []
    return f"{number} > %s AND {number} < %s", [kind << KIND_BITS, (kind + 1) << KIND_BITS]


def _newest(most: int, kind: int = 0) -> Sql:
    """The newest of a kind: a fence that the planner of PostgreSQL does not take down."""
    sql, params = _within("id", kind)
    return f"(SELECT * FROM {TABLE} WHERE {sql} ORDER BY id DESC LIMIT {most:d}) AS {TABLE}", params


def _by_fts5(branch: Branch, narrow: Condition, match: str) -> tuple[str, list[Sql]]:
    index = INDEXES[branch.column]
    conditions: list[Sql] = [(f"{index} MATCH %s", [match])]
    if branch.kind:
        conditions.append(_within(f"{index}.rowid", branch.kind))
    if is_unsure(narrow, branch.condition):
        conditions.append(holds_of(branch.column, branch.condition))
    return f"{index} CROSS JOIN {TABLE} ON {TABLE}.id = {index}.rowid", conditions


def _by_gin(branch: Branch, narrow: Condition) -> tuple[str, list[Sql]]:
    conditions = [like_of(branch.column, narrow)]
    if branch.kind:
        conditions.append((f"({TABLE}.{KIND}) = {EACH}", []))
    if is_unsure(narrow, branch.condition):
        conditions.append(holds_of(branch.column, branch.condition))
    return TABLE, conditions


def _points(branch: Branch) -> Sql:
    """The points of an entry, as a column."""
    told, params = ["0"], list[Any]()
    for column, condition, points in branch.points:
        sql, own = holds_of(column, condition)
        told.append(f"CASE WHEN {sql} THEN {points:d} ELSE 0 END")
        params += own
    return " + ".join(told), params


def _branch(branch: Branch, narrow: Condition, seen: Seen, kinds: Sequence[int]) -> Sql:
    """The branch as a statement; on PostgreSQL one for all the `kinds` that are asked alike."""
    match = match_of(narrow) if seen.sqlite else ""
    number = f"{INDEXES[branch.column]}.rowid" if match else f"{TABLE}.id"
    source_params: list[Any] = []
    if match:
        source, conditions = _by_fts5(branch, narrow, match)
    elif branch.head:
        source, source_params = _newest(branch.head, branch.kind if seen.sqlite else 0)
        conditions = [holds_of(branch.column, branch.condition)]
    elif seen.sqlite:
        source, conditions = TABLE, [holds_of(branch.column, branch.condition)]
        conditions += [_within(number, branch.kind)] if branch.kind else []
    else:
        source, conditions = _by_gin(branch, narrow)
    sql, more = seen.of(number)
    conditions.append((f"({sql})", more))
    # GIN has no order, and sorting would read everything.
    order = f"ORDER BY {number} DESC" if branch.kind and seen.sqlite else ""
    points, params = _points(branch)
    where = " AND ".join(sql for sql, _params in conditions)
    found = (
        f"SELECT {number} AS id, {points} AS points, {TABLE}.folded_title AS title, {SHOWN} AS shown"
        f" FROM {source} WHERE {where} {order} LIMIT {branch.most:d}"
    )
    params += source_params + [param for _sql, own in conditions for param in own]
    if branch.kind and not seen.sqlite:
        alias, column = EACH.split(".")
        numbers = ", ".join(f"({kind:d}::bigint)" for kind in kinds)
        found = f"SELECT one.* FROM (VALUES {numbers}) AS {alias} ({column}) CROSS JOIN LATERAL ({found}) AS one"
    # Of what was found only the best is brought here: putting thousands in order takes Python longer than the search.
    # Materialised, or SQLite works the points out anew for every comparison while it puts them in order.
    of_kind, own = f"PARTITION BY {KIND}", f"{branch.name:d}_{branch.kind:d}"
    ranked = (
        f"WITH f{own} AS MATERIALIZED ({found}) SELECT id, points, COUNT(*) OVER ({of_kind}) AS of_kind, title, shown,"
        f" ROW_NUMBER() OVER ({of_kind} ORDER BY points DESC, id DESC) AS place FROM f{own}"
    )
    told = f"SELECT {branch.name:d}, id, points, of_kind, title, shown"
    return f"{told} FROM ({ranked}) AS b{own} WHERE place <= {branch.shown:d}", params


def _sample(kinds: Sequence[int]) -> list[Sql]:
    """The newest of each kind, and how many there are of it."""
    wanted = []
    for kind in kinds:
        source, params = _newest(sampling.EACH, kind)
        wanted.append((f"SELECT {SAMPLED}, {kind:d}, 0, 0, folded_text, folded_title FROM {source}", params))
    return [*wanted, (f"SELECT {SIZED}, {KIND}, COUNT(*), 0, '', '' FROM {TABLE} GROUP BY {KIND}", [])]


def _asked_alike(branches: Sequence[Branch], seen: Seen) -> Iterable[list[Branch]]:
    """The branches that differ in their kind alone, together where the database takes them so."""
    if seen.sqlite:
        return ([branch] for branch in branches)
    alike: dict[tuple[Branch, bool], list[Branch]] = {}
    for branch in branches:
        alike.setdefault((replace(branch, kind=0), bool(branch.kind)), []).append(branch)
    return alike.values()


def find(branches: Sequence[Branch], seen: Seen, sampled: Sequence[int] = ()) -> tuple[dict[int, list[Found]], int]:
    """What each branch finds of what may be seen, by its name; and the number of the edition. One query.

    With the kinds to be `sampled`, it brings a new sample along where one is due.
    """
    narrow = {condition: narrowed(condition) for condition in {branch.condition for branch in branches}}
    parts = [
        _branch(own[0], narrow[own[0].condition], seen, [branch.kind for branch in own])
        for own in _asked_alike(branches, seen)
    ]
    parts += _sample(sampled) if sampled and sampling.kept.is_due() else []
    found: dict[int, list[Found]] = {branch.name: [] for branch in branches}
    edition, sample, sizes = 0, list[tuple[int, str, str]](), dict[int, int]()
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([EDITION, *(sql for sql, _params in parts)]),
            [param for _sql, params in parts for param in params],
        )
        for name, *row in cursor.fetchall():
            if name > 0:
                found[name].append(Found(*row))
            elif name == SAMPLED:
                sample.append((row[0], row[3], row[4]))
            elif name == SIZED:
                sizes[row[0]] = row[1]
            else:
                edition = row[0]
    if sample:
        sampling.kept.put(sample, sizes)
    return found, edition
