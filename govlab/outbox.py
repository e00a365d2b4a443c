"""The outbox: every letter in it goes to the mail server, at least once, whatever dies on the way.

queued ──take──▶ sending ──▶ sent
                   │  ▲
                   ▼  │ after a pause, longer each time; a worker that died gives its letter up after five minutes
                  retry ──▶ failed, after the last pause
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govlab import letters
from govlab.models import Letter, LetterState

QUEUED, SENDING, RETRY, FAILED, SENT = (
    LetterState.QUEUED,
    LetterState.SENDING,
    LetterState.RETRY,
    LetterState.FAILED,
    LetterState.SENT,
)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 12 * 60)]
"""How long a letter waits after each try that failed; one more failure ends it."""
GIVEN_UP_AFTER = timedelta(minutes=5)
"""A letter that has been under way for so long was with a worker that is dead."""

TROUBLE: dict[str, Any] = {
    "silent": _("The mail server did not answer."),
    "sign_in": _("The mail server refused the portal's own sign-in."),
    "address": _("The mail server does not take letters to this address."),
    "refused": _("The mail server refused the letter."),
    "person": _("The person may no longer sign in, so the letter was not sent."),
    "worker": _("Each worker that tried to send it was stopped."),
    "other": _("The letter could not be handed to the mail server."),
}
"""Why a letter did not go out. What a mail server says itself may hold a password or an address and is not kept."""
RAISED = (
    (smtplib.SMTPAuthenticationError, "sign_in"),
    (smtplib.SMTPRecipientsRefused, "address"),
    (smtplib.SMTPServerDisconnected, "silent"),
    (smtplib.SMTPConnectError, "silent"),
    (smtplib.SMTPException, "refused"),
    (OSError, "silent"),
    (Exception, "other"),
)

log = logging.getLogger(__name__)


def send_due(now: datetime | None = None, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Sends every letter that is due, one by one, until `stop` says so; how many the mail server took."""
    sent = 0
    while not stop() and (letter := _take(now or timezone.now())):
        trouble = "worker" if letter.tries > len(PAUSES) + 1 else _hand_over(letter)
        sent += _settle(letter, trouble, now or timezone.now())
    return sent


def _due(now: datetime) -> QuerySet[Letter]:
    waits = Q(state__in=[QUEUED, RETRY], next_try_at__lte=now)
    given_up = Q(state=SENDING, taken_at__lte=now - GIVEN_UP_AFTER)
    return Letter.objects.filter(waits | given_up, digest=False).order_by("next_try_at", "pk")


def _take(now: datetime) -> Letter | None:
    """The next letter, marked as under way in a transaction of its own, so that no other worker takes it too."""
    if not _due(now).exists():  # most of the time; asked without a lock
        return None
    with transaction.atomic():
        letter = _due(now).select_for_update(skip_locked=True).first()
        if letter:
            letter.state, letter.taken_at, letter.tries = SENDING, now, letter.tries + 1
            letter.save(update_fields=["state", "taken_at", "tries"])
    return letter


def _hand_over(letter: Letter) -> str:
    """Gives the letter to the mail server; a key of TROUBLE when that did not work, with the server's number."""
    if not letter.outside and not (letter.user and letter.user.is_active):
        return "person"
    try:
        as_mail(letter).send()
    except Exception as error:  # whatever it is, this letter waits and the others go on
        return trouble_of(error)
    return ""


def trouble_of(error: Exception) -> str:
    """What a failure to send is kept as: a key of TROUBLE with the server's number, nothing of what it said."""
    key = next(key for kind, key in RAISED if isinstance(error, kind))
    return f"{key} {getattr(error, 'smtp_code', '')}".strip()


def trouble_in_words(letter: Letter) -> str:
    """Why the last try to send it failed, as a sentence; empty when it did not."""
    key, _space, number = letter.error.partition(" ")
    return f"{TROUBLE[key]} ({number})" if number else str(TROUBLE.get(key, ""))


def as_mail(letter: Letter) -> EmailMultiAlternatives:
    """The letter as plain text and HTML; its number is its Message-ID, so that one that comes twice is known."""
    host = urlsplit(settings.PORTAL_URL).hostname
    headers = {"Message-ID": f"<letter-{letter.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if letter.leave:
        url = settings.PORTAL_URL + letter.leave
        headers |= {
            "List-Unsubscribe": f"<{_told(letter, url)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    mail = EmailMultiAlternatives(letter.subject, _told(letter, letter.text), to=[letter.address], headers=headers)
    mail.attach_alternative(_told(letter, letter.html), "text/html")
    return mail


def _told(letter: Letter, text: str) -> str:
    """The text with the letter's secret in its links."""
    return text.replace(f"/{letters.MASK}/", f"/{letter.secret}/") if letter.secret else text


def _settle(letter: Letter, trouble: str, now: datetime) -> int:
    """Keeps what came of a try; 1 when the letter is sent."""
    final = trouble.partition(" ")[0] in ("person", "worker") or letter.tries > len(PAUSES)
    state = (FAILED if final else RETRY) if trouble else SENT
    with transaction.atomic():
        held = Letter.objects.select_for_update().filter(pk=letter.pk, state=SENDING, taken_at=letter.taken_at).first()
        if held is None:  # it took so long that another worker has the letter now
            return 0
        held.state, held.error = state, trouble
        if state == RETRY:
            held.next_try_at = now + PAUSES[held.tries - 1]
        held.sent_at = now if state == SENT else None
        if state in (SENT, FAILED):
            held.secret = ""
        held.save(update_fields=["state", "error", "next_try_at", "sent_at", "secret"])
        if state != RETRY:
            for part in held.parts.all():
                part.state, part.error, part.sent_at = held.state, held.error, held.sent_at
                part.save(update_fields=["state", "error", "sent_at"])
    if state == FAILED:
        log.warning("letter %s could not be sent: %s", letter.pk, trouble)
    return int(state == SENT)


# --- the daily letter ------------------------------------------------------------------------------------------------
def gather_digests(now: datetime | None = None) -> int:
    """Puts what waits for the daily letters into one letter each, once a day; how many letters that makes."""
    now = now or timezone.now()
    people = get_user_model()._default_manager.filter(pk__in=_parts(now).values("user")).order_by("pk")
    return sum(_gather(person, now) for person in people)


def _parts(now: datetime) -> QuerySet[Letter]:
    return Letter.objects.filter(digest=True, within=None, state=QUEUED, next_try_at__lte=now)


@transaction.atomic
def _gather(person: Any, now: datetime) -> int:
    parts = list(_parts(now).filter(user=person).select_for_update().order_by("created_at", "pk"))
    key = f"digest:{timezone.localdate(now)}"
    letter = letters.post("digest", person, key=key, daily=False, now=now, parts=parts) if parts else None
    if letter is None:
        return 0
    for part in parts:
        part.within = letter
        part.save(update_fields=["within"])
    return 1
