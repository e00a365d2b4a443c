"""What nobody needs any more goes: forms carried out long ago, forms never finished, sessions that ended."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
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
    return sum(rows.delete()[0] for rows in old)
