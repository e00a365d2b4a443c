"""Finding in the index of the search for lists, whose own conditions and order stay with Django."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Lookup, TextField

from govlab.asking import Condition
from govlab.models import SearchEntry
from govlab.seeking import holds_of, is_unsure, like_of, match_of, narrowed
from govlab.trigrams import INDEXES, KIND, KIND_BITS, TABLE
from govlab.worded import Given, Place


@dataclass(frozen=True)
class Wanted:
    """What a list asks the index for: entries of one kind that meet a condition, or one still to be given."""

    condition: Condition | Given
    kind: int


@TextField.register_lookup
class Meets(Lookup):
    """`folded_text__meets=Wanted(...)`."""

    lookup_name = "meets"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """The condition on the entry, by the index; where it is still to be given, only its place."""
        wanted: Wanted = self.rhs
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        said = partial(_said, self.lhs.target.column, alias, wanted.kind)
        if isinstance(wanted.condition, Given):
            return "%s", [Place(wanted.condition.name, said)]
        return said(wanted.condition, connection)


def _said(column: str, alias: str, kind: int, condition: Condition, connection: Any) -> tuple[str, list[Any]]:
    """What is read of the index changes with what it holds, so this is never kept."""
    low, high = kind << KIND_BITS, (kind + 1) << KIND_BITS
    params: list[Any]
    sql, params = f"{alias}.id > %s AND {alias}.id < %s", [low, high]
    narrow = narrowed(condition)
    match = match_of(narrow) if connection.vendor == "sqlite" else ""
    exact = not is_unsure(narrow, condition)
    if match:
        index = INDEXES[column]
        sql = f"{alias}.id IN (SELECT rowid FROM {index} WHERE {index} MATCH %s AND rowid > %s AND rowid < %s)"
        params = [match, low, high]
    elif connection.vendor == "sqlite":
        exact = False
    else:
        sql, params = f"({alias}.{KIND}) = {kind:d}::bigint", []
        like, more = like_of(column, narrow)
        sql += f" AND {like.replace(f'{TABLE}.', f'{alias}.')}"
        params += more
    if not exact:
        look, more = holds_of(column, condition)
        sql += f" AND {look.replace(f'{TABLE}.', f'{alias}.')}"
        params += more
    return f"({sql})", params


def numbers_of(model: Any, condition: Condition | Given) -> Any:
    """The numbers of the records of a found model whose entries meet the condition, for a list of them."""
    kind = model.found_as[0]
    rows = SearchEntry.objects.filter(folded_text__meets=Wanted(condition, kind)).order_by()
    return rows.values_list(F("id") - (kind << KIND_BITS), flat=True)
