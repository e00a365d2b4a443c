"""Letters by e-mail: written into the outbox in the transaction of what they tell of, from `templates/emails/`.

A letter's text holds no secret: staff read the outbox. Where a link needs one, MASK stands in its place until the
letter goes out. Whoever chose one letter a day gets theirs gathered at seven.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template import Context, Engine
from django.utils import timezone, translation

from govlab.models import Letter, LetterState

MASK = "*****"
"""Stands in the links of a letter for its secret; an address leaves it as it is."""
MORNING = time(7)
"""When the daily letter goes out, by Bangkok's clocks."""


def write(
    kind: str, to: Iterable[Any], *, key: str = "", asked: bool = False, now: datetime | None = None, **context: Any
) -> list[Letter]:
    """Writes a letter to each of these people who may sign in; `<kind>_subject.txt` and `<kind>.txt` say what.

    With a `key` nobody gets it twice. `asked`: it says what is asked of the person, so silence by choice does not
    cover it.
    """
    now = now or timezone.now()
    chosen = [person for person in to if _reachable(person) and (asked or not person.letters_quiet)]
    written = [post(kind, person, key=key, daily=person.letters_daily, now=now, **context) for person in chosen]
    return [letter for letter in written if letter]


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account who gets a letter, such as a member of a committee who is invited."""

    email: str
    name: str
    pk: str
    """For keys: nobody's number, but the same for the same address."""
    language: str = settings.LANGUAGE_CODE
    is_active = True
    letters_quiet = False
    letters_daily = False


def outsider(email: str, name: str, language: str = settings.LANGUAGE_CODE) -> Outsider:
    """The person behind an address that belongs to no account."""
    return Outsider(email, name, hashlib.sha256(email.lower().encode()).hexdigest()[:16], language)


def _reachable(person: Any) -> bool:
    """Whether the person may sign in; an address under .invalid is nobody's, such as that of the facts' robot."""
    return person.is_active and not person.email.endswith(".invalid")


def post(
    kind: str,
    person: Any,
    *,
    key: str,
    daily: bool,
    now: datetime,
    leave: str = "",
    secret: str = "",
    **context: Any,
) -> Letter | None:
    """Puts one person's letter into the outbox; None when the one with this key is there already.

    `leave` is the path at which one POST ends such letters, with MASK where its `secret` stands.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A letter is written in the transaction of what it tells of.")
    own_key = f"{key}:{person.pk}" if key else ""
    if own_key and Letter.objects.filter(key=own_key).exists():
        return None
    letter = Letter(
        user=None if isinstance(person, Outsider) else person,
        outside=isinstance(person, Outsider),
        address=person.email,
        kind=kind,
        key=own_key,
        language=person.language,
        digest=daily,
        created_at=now,
        next_try_at=next_morning(now) if daily else now,
        leave=leave,
        secret=secret,
    )
    _fill_in(letter, person, {**context, "secret": MASK})
    try:
        with transaction.atomic():
            letter.save()
    except IntegrityError:
        if own_key and Letter.objects.filter(key=own_key).exists():  # another worker wrote it at the same moment
            return None
        raise
    return letter


def note_unsent(
    kind: str, person: Any, *, address: str, subject: str, error: str, now: datetime | None = None
) -> Letter:
    """Shows staff that a letter did not go out whose text is kept nowhere, because it held a secret."""
    now = now or timezone.now()
    return Letter.objects.create(
        user=person,
        address=address,
        kind=kind,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        state=LetterState.FAILED,
        error=error,
        created_at=now,
        next_try_at=now,
    )


def next_morning(now: datetime) -> datetime:
    """The next moment at which daily letters go out."""
    local = timezone.localtime(now)
    today = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
    return today if local < today else today + timedelta(days=1)


# --- what it says ----------------------------------------------------------------------------------------------------
def _fill_in(letter: Letter, person: Any, context: dict[str, Any]) -> None:
    """Subject, text and HTML in the person's language; a part of the daily letter needs neither greeting nor HTML."""
    context = {**context, "person": person, "portal": settings.PORTAL_URL, "language": person.language}
    context["outside"] = letter.outside
    with translation.override(person.language):
        letter.subject = _short(" ".join(_text(f"{letter.kind}_subject", context).split()))
        letter.text = _text(letter.kind, context)
        if not letter.digest:
            letter.text = _text("frame", {**context, "body": letter.text}) + "\n"
            letter.html = _html({**context, "subject": letter.subject, "paragraphs": _paragraphs(letter.text)})


def _text(name: str, context: dict[str, Any]) -> str:
    template = Engine.get_default().get_template(f"emails/{name}.txt")
    text = template.render(Context(context, autoescape=False))  # plain text has nothing to escape
    return re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip()


def _short(subject: str) -> str:
    """At most 200 characters; Django's own way to cut counts no Thai vowel or tone mark, so it could be any length."""
    return subject if len(subject) <= 200 else f"{subject[:199]}…"


def _html(context: dict[str, Any]) -> str:
    return Engine.get_default().get_template("emails/base.html").render(Context(context))


def _paragraphs(text: str) -> list[dict[str, str]]:
    """The paragraphs of a letter; one that is a line and an address of the portal below it is a link of that name."""
    found = []
    for paragraph in text.strip().split("\n\n"):
        label, _line, url = paragraph.partition("\n")
        if url.startswith(f"{settings.PORTAL_URL}/") and not re.search(r"\s", url):
            found.append({"label": label.rstrip(" :"), "url": url})
        else:
            found.append({"text": paragraph})
    return found
