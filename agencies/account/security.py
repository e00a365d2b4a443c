"""Notes who signed in and out, who failed to, whose password changed: told by the libraries that do it."""

from collections.abc import Callable
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal

from agencies.models import SecurityKind, User
from agencies.rules import security


def failed(credentials: dict[str, Any], **_more: Any) -> None:
    """A failure is noted with the account it was meant for; what was typed for no account is kept nowhere."""
    typed = credentials.get("email") or ""
    if user := User.objects.filter(email=typed.strip().lower()).first():
        security.note(SecurityKind.SIGN_IN_FAILED, user)


def _noting(kind: SecurityKind) -> Callable[..., None]:
    def noting(user: Any = None, **_more: Any) -> None:
        if isinstance(user, User):  # nobody was signed in who now signs out
            security.note(kind, user)

    return noting


KINDS: dict[Signal, SecurityKind] = {
    user_logged_in: SecurityKind.SIGNED_IN,
    user_logged_out: SecurityKind.SIGNED_OUT,
    password_changed: SecurityKind.PASSWORD_CHANGED,
    password_set: SecurityKind.PASSWORD_CHANGED,
    password_reset: SecurityKind.PASSWORD_RESET,
}


def listen() -> None:
    """From now on; called where the addresses of signing in are laid out, so before anybody can."""
    for signal, kind in KINDS.items():
        signal.connect(_noting(kind), weak=False, dispatch_uid=f"agencies.account.security.{kind}")
    user_login_failed.connect(failed, dispatch_uid="agencies.account.security.failed")
