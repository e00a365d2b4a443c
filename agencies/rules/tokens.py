"""The keys of people's programs: made by their owner, shown once, taken back at any time."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import ApiToken, Scope, User
from govlab.history import hold, keep

LONGEST_DAYS = 366
OPENED_BY = {
    Scope.READ: (Scope.READ, Scope.REPORT, Scope.EVERYTHING),
    Scope.REPORT: (Scope.REPORT, Scope.EVERYTHING),
    Scope.EVERYTHING: (Scope.EVERYTHING,),
}
"""The scopes of the tokens that open what needs the scope."""


def digest(secret: str) -> str:
    """What is kept of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def require_scope(token: ApiToken, needed: Scope) -> None:
    """Raises PermissionDenied where the token's scope does not reach so far, whatever its owner may do."""
    if token.scope not in OPENED_BY[needed]:
        said = {"scope": token.get_scope_display(), "needed": needed.label}
        raise PermissionDenied(
            _("This token opens “%(scope)s” alone; this needs “%(needed)s”. Make another on your account page.") % said
        )


@transaction.atomic
def make(*, by: User, name: str, days: int, scope: str = Scope.EVERYTHING) -> tuple[ApiToken, str]:
    """A token for the person's own programs, valid for so many days; the second value is the secret, seen only now."""
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("Choose between 1 and %(most)d days.") % {"most": LONGEST_DAYS}})
    secret = f"gl_{secrets.token_urlsafe(32)}"
    expires_at = timezone.now() + timedelta(days=days)
    token = ApiToken(user=by, hint=secret[:8], digest=digest(secret), expires_at=expires_at)
    return keep(token, "add", by=by, name=name, scope=scope), secret


@transaction.atomic
def revoke(token: ApiToken, *, by: User, now: datetime | None = None) -> ApiToken:
    """Takes the token back; only its owner may."""
    if token.user_id != by.pk:
        raise PermissionDenied(_("This token belongs to somebody else."))
    held = hold(token)
    if held.revoked_at:
        return held
    return keep(held, "revoke", by=by, revoked_at=now or timezone.now())
