"""Letters: each person chooses how they get theirs; staff send one again."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import hold, keep
from govlab.models import Letter, LetterState

CHOSEN = {"language", "letters_daily", "letters_quiet"}
AGAIN = (LetterState.FAILED, LetterState.RETRY, LetterState.SENT)
"""States from which a letter can be sent again; the others are on their way."""


@transaction.atomic
def choose(person: User, *, by: User, version: int | None = None, **answers: Any) -> User:
    """The person says in which language, how often and about what they want letters; nobody says it for them."""
    if unknown := answers.keys() - CHOSEN:  # a door's mistake, not a person's
        raise TypeError(f"letters are not chosen by {sorted(unknown)}")
    if person.pk != by.pk:
        raise PermissionDenied(_("Only the person chooses how they get letters."))
    return keep(hold(person, version), "edit", by=by, **answers)


def refusal(letter: Letter) -> ValidationError | None:
    """Why this letter cannot be sent again; None when it can."""
    if not letter.text:
        return ValidationError(
            _("This letter held a secret link, so its text is kept nowhere. Ask the person to ask for it again.")
        )
    if letter.digest:
        return ValidationError(_("This was a part of a daily letter. Send that one again."))
    if letter.state not in AGAIN:
        return ValidationError(_("This letter is on its way already."), code="moment")
    if not (letter.user and letter.user.is_active):
        return ValidationError(_("This person may no longer sign in, so nothing is sent to them."))
    return None


@transaction.atomic
def resend(letter: Letter, *, by: User, now: datetime | None = None) -> Letter:
    """Sends a letter again, to the address the person has now; one that was sent goes out as a new letter."""
    require_desk(by)
    held, now = hold(letter), now or timezone.now()
    if refused := refusal(held):
        raise refused
    if held.state == LetterState.SENT:
        held.pk, held.key, held.created_at, held.sent_at = None, "", now, None
        held._state.adding = True
    held.address = held.user.email if held.user else held.address
    held.state, held.tries, held.error = LetterState.QUEUED, 0, ""
    held.next_try_at, held.taken_at = now, None
    held.save()
    return held
