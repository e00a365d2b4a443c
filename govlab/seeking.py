"""Finding in the index of the search: conditions as the database understands them.

Statements are put together here because both databases must be led to the index: SQLite finds letters with MATCH in
a table of its own, and only SQL says that the newest come first from there without sorting. Every text that somebody
typed goes to the database as a parameter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from govlab import sampling
from govlab.asking import SHORTEST, All, Condition
from govlab.models import Edition, SearchEntry
from govlab.trigrams import HIDDEN, INDEXES, KIND, KIND_BITS, TABLE

TITLE = f"{TABLE}.folded_title AS title, {TABLE}.title_th || ' ' || {TABLE}.title_en AS shown"
EDITION = f"SELECT 0, COALESCE(SUM(steps), 0), '', '' FROM {Edition._meta.db_table}"
NO_TITLE = "'' AS title, '' AS shown"
CLOSE = "close"
"""What comes in place of a title that holds more."""
SAMPLED = -1
"""The name under which a statement brings a new sample."""
Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Branch:
    """One part of a search: what to look for in which column, of which kind (a number), at most how many."""

    name: int
    column: str
    condition: Condition
    most: int
    kind: int = 0
    """0: of all kinds, in no order; else those whose titles are wanted come with the newest first."""
    titles: bool = False
    """Whether the titles are wanted too."""
    close: Condition = ""
    """What else the column is compared with: whether it holds this comes in place of the title."""
    head: int = 0
    """Where it is not 0: only so many of the newest of the kind are looked at, without the index. SQLite leaves this
    aside where its index has the newest first by itself."""


class Found(NamedTuple):
    """An entry that was found, and its titles where they were wanted: folded, and as they are shown."""

    number: int
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
    return len(condition) < SHORTEST if isinstance(condition, str) else any(map(inexact, condition.of))


def holds_of(column: str, condition: Condition) -> Sql:
    """The condition on a column, each entry looked at: quicker than LIKE, and exact."""
    look = "INSTR" if connection.vendor == "sqlite" else "STRPOS"
    return _of(condition, lambda text: (f"{look}({TABLE}.{column}, %s) > 0", text))


def like_of(column: str, condition: Condition) -> Sql:
    """The condition on a column, as the index of PostgreSQL understands it."""
    return _of(condition, lambda text: (f"{TABLE}.{column} LIKE %s", f"%{_escaped(text)}%"))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _of(condition: Condition, each: Callable[[str], tuple[str, str]]) -> Sql:
    if isinstance(condition, str):
        sql, param = each(condition)
        return sql, [param]
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
    """What the index is asked for: of SQLite's each list is read; PostgreSQL skips through them, and its rows cost."""
    sqlite = connection.vendor == "sqlite"
    return sampling.kept.sample.narrow(condition, most=3 if sqlite else 6, apart=not sqlite)


def _within(number: str, kind: int) -> Sql:
    """That an entry is of this kind, for a walk along the numbers."""
    return f"{number} > %s AND {number} < %s", [kind << KIND_BITS, (kind + 1) << KIND_BITS]


def _newest(kind: int, most: int) -> Sql:
    """The newest of a kind: a fence that the planner of PostgreSQL does not take down."""
    sql, params = _within("id", kind)
    return f"(SELECT * FROM {TABLE} WHERE {sql} ORDER BY id DESC LIMIT {most:d}) AS {TABLE}", params


def _by_fts5(branch: Branch, narrow: Condition, match: str) -> tuple[str, list[Sql]]:
    index = INDEXES[branch.column]
    unsure = narrow != branch.condition or inexact(narrow)
    source = (
        f"{index} CROSS JOIN {TABLE} ON {TABLE}.id = {index}.rowid"
        if branch.titles or branch.close or unsure
        else index
    )
    conditions: list[Sql] = [(f"{index} MATCH %s", [match])]
    if branch.kind:
        conditions.append(_within(f"{index}.rowid", branch.kind))
    if unsure:
        conditions.append(holds_of(branch.column, branch.condition))
    return source, conditions


def _by_gin(branch: Branch, narrow: Condition) -> tuple[str, list[Sql]]:
    conditions = [like_of(branch.column, narrow)]
    if branch.kind:
        conditions.append((f"({TABLE}.{KIND}) = {branch.kind:d}::bigint", []))
    if narrow != branch.condition:
        conditions.append(holds_of(branch.column, branch.condition))
    return TABLE, conditions


def _branch(branch: Branch, narrow: Condition, seen: Seen) -> Sql:
    match = match_of(narrow) if seen.sqlite else ""
    number = f"{INDEXES[branch.column]}.rowid" if match else f"{TABLE}.id"
    params: list[Any] = []
    if match:
        source, conditions = _by_fts5(branch, narrow, match)
    elif branch.head:
        source, params = _newest(branch.kind, branch.head)
        conditions = [holds_of(branch.column, branch.condition)]
    elif seen.sqlite:
        source, conditions = TABLE, [holds_of(branch.column, branch.condition)]
        conditions += [_within(number, branch.kind)] if branch.kind else []
    else:
        source, conditions = _by_gin(branch, narrow)
    sql, more = seen.of(number)
    conditions.append((f"({sql})", more))
    # Only titles need the newest first; GIN has no order, and sorting would read everything.
    order = f"ORDER BY {number} DESC" if branch.kind and (branch.titles or seen.sqlite) else ""
    wanted = TITLE if branch.titles else NO_TITLE
    if branch.close:
        holding, own = holds_of(branch.column, branch.close)
        wanted, params = f"CASE WHEN {holding} THEN '{CLOSE}' ELSE '' END AS title, '' AS shown", [*own, *params]
    told = f"{branch.name} AS branch, {number} AS id, {wanted}"
    where = " AND ".join(sql for sql, _params in conditions)
    sql = f"SELECT {told} FROM {source} WHERE {where} {order} LIMIT {branch.most:d}"
    params += [param for _sql, own in conditions for param in own]
    return f"SELECT branch, id, title, shown FROM ({sql}) AS b{branch.name}_{branch.kind}", params


def _sample(kind: int) -> Sql:
    source, params = _newest(kind, sampling.EACH)
    return f"SELECT {SAMPLED}, {kind:d}, folded_text, folded_title FROM {source}", params


def find(branches: Sequence[Branch], seen: Seen, sampled: Iterable[int] = ()) -> tuple[dict[int, list[Found]], int]:
    """What each branch finds of what may be seen, by its name; and the number of the edition. One query.

    With the kinds to be `sampled`, it brings a new sample along where one is due.
    """
    conditions = {branch.condition for branch in branches}
    narrow = {condition: narrowed(condition) for condition in conditions}
    parts = [_branch(branch, narrow[branch.condition], seen) for branch in branches]
    parts += map(_sample, sampled if sampling.kept.is_due() else ())
    found: dict[int, list[Found]] = {branch.name: [] for branch in branches}
    edition, sample = 0, list[tuple[int, str, str]]()
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([EDITION, *(sql for sql, _params in parts)]),
            [p for _sql, params in parts for p in params],
        )
        for name, number, title, shown in cursor.fetchall():
            if name > 0:
                found[name].append(Found(number, title, shown))
            elif name == SAMPLED:
                sample.append((number, title, shown))
            else:
                edition = number
    if sample:
        sampling.kept.put(sample)
    return found, edition


class Entry(NamedTuple):
    """What is shown of an entry."""

    id: int
    kind: str
    key: str
    title_th: str
    title_en: str
    text: str
    folded_text: str
    more: str
    demo: bool
    on: date | None


def entries_of(asked_for: Iterable[tuple[Sequence[int], Sql]]) -> list[Entry]:
    """The entries with these numbers, as far as their condition holds. One query, none for nothing."""
    columns = ", ".join(f"{TABLE}.{connection.ops.quote_name(name)}" for name in Entry._fields)
    statements, params = [], list[Any]()
    for numbers, (sql, more) in asked_for:
        places = ", ".join(["%s"] * len(numbers))
        statements.append(f"SELECT {columns} FROM {TABLE} WHERE {TABLE}.id IN ({places}) AND {sql}")
        params += [*numbers, *more]
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), params)
        rows = [Entry._make(row) for row in cursor.fetchall()]
    # SQLite keeps a day as a text.
    return [row._replace(on=date.fromisoformat(row.on)) if isinstance(row.on, str) else row for row in rows]
