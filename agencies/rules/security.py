"""What happens around accounts is noted, once and for good; nothing here is ever changed or taken out."""

from datetime import datetime

from django.utils import timezone

from agencies.models import SecurityEvent, SecurityKind, User


def note(kind: SecurityKind, user: User, *, now: datetime | None = None) -> SecurityEvent:
    """Adds that this happened to the person's account: no password, no address, nothing that was typed."""
    return SecurityEvent.objects.create(kind=kind, user=user, happened_at=now or timezone.now())
