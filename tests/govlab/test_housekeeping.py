"""What nobody needs any more goes by the clock: here the marks of visitors, as the privacy notice says."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from govlab import housekeeping

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_the_database(settings: Any) -> None:
    """The cache that an installation has which says nothing else."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "marks"}}
    call_command("createcachetable", verbosity=0)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM marks")
        return int(cursor.fetchone()[0])


def test_a_mark_is_deleted_once_it_counts_no_more(in_the_database: None) -> None:
    cache.set("visitor-an-hour", 1, 3600)
    cache.set("visitor-a-day", 1, 24 * 3600)
    now, found = timezone.now(), []
    for hours in (0, 2, 25):
        housekeeping.tidy(now + dt.timedelta(hours=hours))
        found.append(rows())
    assert found == [2, 1, 0]


def test_a_cache_elsewhere_is_left_alone() -> None:
    cache.set("visitor-an-hour", 1, 3600)
    assert (housekeeping.tidy(timezone.now() + dt.timedelta(hours=2)), cache.get("visitor-an-hour")) == (0, 1)
