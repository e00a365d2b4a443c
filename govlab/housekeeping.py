"""What nobody needs any more goes: forms carried out long ago or never finished, sessions and marks that ended."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone

from govlab.models import Once, Typed

DONE_FOR = timedelta(days=30)
TYPED_FOR = timedelta(days=90)


def tidy(now: datetime | None = None) -> int:
    """Removes it; how many rows went."""
    now = now or timezone.now()
    old = (
        Once.objects.filter(created_at__lt=now - DONE_FOR),
        Typed.objects.filter(saved_at__lt=now - TYPED_FOR),
        Session.objects.filter(expire_date__lt=now),
    )
    return sum(rows.delete()[0] for rows in old) + _forget_marks(now)


def _forget_marks(now: datetime) -> int:
    """Deletes what ran out in the cache, as the privacy notice says of visitors' marks; how many.

    The database's cache passes over it, but drops it only once the cache is full; others do so by themselves.
    """
    cache = caches[DEFAULT_CACHE_ALIAS]
    if not isinstance(cache, DatabaseCache):
        return 0
    connection = connections[router.db_for_write(cache.cache_model_class)]
    table, expires = (connection.ops.quote_name(name) for name in (cache.cache_model_class._meta.db_table, "expires"))
    with connection.cursor() as cursor:
        until = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
        cursor.execute(f"DELETE FROM {table} WHERE {expires} < %s", [until])  # noqa: S608 (names of ours, quoted)
        return int(cursor.rowcount)
