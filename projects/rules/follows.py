"""Following by e-mail: asked for on a page, confirmed by a letter, told once a day at most, ended by one click.

    (ask) ─▶ asked ──confirm──▶ followed ──leave──▶ (gone)
              │ ▲                  │ tell: at seven, what is new since the last time
              │ └─ask (a new letter)
              └── after 7 days ──▶ (gone)

Whoever asks gets the same answer whatever stands here, so nobody learns which address follows what. An address is in
no history and on no page but its owner's own, whose link only its letters hold.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.models import Agency, User
from govlab import letters
from govlab.history import renamed
from govlab.models import Letter, LetterState
from projects.models import Cohort, Follow, FollowKind, Project

CONFIRMED_WITHIN = timedelta(days=7)
APART = timedelta(hours=1)
"""One address gets one letter about one thing in this time, however often somebody asks."""
MOST_LETTERS, WITHIN = 10, timedelta(days=1)
"""So many letters of confirmation one address gets at most: nobody floods another's letter box through us."""
LETTERS_FOR = timedelta(days=30)
"""How long what was written to followers stays in the outbox."""
KINDS = ("follow_confirm", "follow_digest")
LONGEST_TARGET = 400
YEAR = re.compile("[0-9]{4}")
SAVED = re.compile(r"(projects|search)\?[^\s\0]+")
"""A saved search: the page, and its words and filters as they stand in an address."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""Signs that nobody types and that no database or letter takes."""
LONGEST_ADDRESS = 254
"""Characters of an e-mail address (RFC 5321)."""


def called_now(kind: str, target: str) -> str:
    """The target as it is called now: a project's code and an agency's key may have been changed since."""
    if "\0" in target:
        return target
    if kind == FollowKind.PROJECT:
        return renamed(Project.objects.public(), "code", target) or target
    if kind == FollowKind.AGENCY:
        return renamed(Agency.objects.all(), "key", target) or target
    return target


def require_target(kind: str, target: str) -> None:
    """Raises ValidationError for what is not there, or not public."""
    there = {
        FollowKind.ALL: lambda: not target,
        FollowKind.PROJECT: lambda: Project.objects.public().filter(code=target).exists(),
        FollowKind.COHORT: lambda: bool(YEAR.fullmatch(target)) and Cohort.objects.filter(year=int(target)).exists(),
        FollowKind.AGENCY: lambda: Agency.objects.filter(key=target).exists(),
        FollowKind.SEARCH: lambda: len(target) <= LONGEST_TARGET and bool(SAVED.fullmatch(target)),
    }
    if kind not in there or CONTROL.search(unquote(target)) or not there[FollowKind(kind)]():
        raise ValidationError(_("There is nothing here to follow."), code="target")


@transaction.atomic
def ask(
    kind: str,
    target: str,
    *,
    by: User | None = None,
    email: str,
    about: str = "",
    language: str = "th",
    now: datetime | None = None,
) -> None:
    """Somebody wants letters to this address; a letter asks its owner. Says nothing of what was there before.

    `about` is how the letter calls what is followed.
    """
    require_target(kind, target)
    now, email = now or timezone.now(), email.strip().lower()
    try:
        validate_email(email)
        MaxLengthValidator(LONGEST_ADDRESS)(email)
    except ValidationError:
        raise ValidationError({"email": _("Type an e-mail address like somchai@example.go.th.")}) from None
    fresh = {"language": language, "token": secrets.token_urlsafe(32), "created_at": now}
    follow, _new = Follow.objects.get_or_create(email=email, kind=kind, target=target, defaults=fresh)
    follow = Follow.objects.select_for_update().get(pk=follow.pk)  # two who ask at once write one letter
    written = Letter.objects.filter(_same_box(email), kind="follow_confirm")
    once = f"follow:{follow.pk}:"
    if written.filter(key__startswith=once, created_at__gt=now - APART).exists():
        return
    if written.filter(created_at__gt=now - WITHIN).count() >= MOST_LETTERS:
        return
    if not follow.confirmed_at:
        follow.language, follow.created_at = language, now
        follow.save(update_fields=["language", "created_at"])
    _write("follow_confirm", follow, f"{once}{now.timestamp():.0f}", "", now, thing=follow, about=about)


def _same_box(email: str) -> Q:
    """Letters to this letter box under any of its names: what stands behind a plus leads to no other box."""
    name, _at, host = email.rpartition("@")
    name = name.partition("+")[0] or name
    return Q(address=f"{name}@{host}") | Q(address__startswith=f"{name}+", address__endswith=f"@{host}")


def _write(kind: str, follow: Follow, key: str, query: str, now: datetime, **context: Any) -> Letter | None:
    """One letter to the owner of the address; its links hold the follow's token, which staff do not read."""
    with translation.override(follow.language):
        person = letters.outsider(follow.email, _("follower of GovLab"), follow.language)
        leave = f"{_prefix(follow.language)}/follow/{letters.MASK}/leave/{query}"
    return letters.post(
        kind, person, key=key, daily=False, now=now, leave=leave, secret=follow.token, query=query, **context
    )


def _prefix(language: str) -> str:
    """Where the addresses of a language begin."""
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def of_token(token: str, now: datetime | None = None) -> Follow | None:
    """The follow that the link of a letter names; None once it ended, or was not confirmed in time."""
    follow = Follow.objects.filter(token=token).first() if "\0" not in token else None
    late = (now or timezone.now()) - CONFIRMED_WITHIN
    return None if follow and not follow.confirmed_at and follow.created_at <= late else follow


def others_of(follow: Follow) -> list[Follow]:
    """All that its address follows, itself first."""
    return [follow, *Follow.objects.filter(email=follow.email).exclude(confirmed_at=None).exclude(pk=follow.pk)]


def _held(token: str, now: datetime) -> Follow:
    follow = of_token(token, now)
    held = Follow.objects.select_for_update().filter(pk=follow.pk).first() if follow else None
    if held is None:
        raise ValidationError(_("This link holds no longer. Ask for a new letter on the page you want to follow."))
    return held


@transaction.atomic
def confirm(token: str, *, by: User | None = None, now: datetime | None = None) -> Follow:
    """The owner of the address wants the letters, from now on; raises ValidationError for a link that has ended."""
    now = now or timezone.now()
    held = _held(token, now)
    if not held.confirmed_at:
        held.confirmed_at = held.told_until = now
        held.save(update_fields=["confirmed_at", "told_until"])
    return held


@transaction.atomic
def leave(token: str, *, by: User | None = None, everything: bool = False) -> Follow | None:
    """Ends this follow, or all of its address; what the address still follows, if anything. A second time is as one.

    With the last one goes what the outbox still holds to the address.
    """
    follow = Follow.objects.select_for_update().filter(token=token).first() if "\0" not in token else None
    if follow is None:
        return None
    of_address = Follow.objects.filter(email=follow.email)
    (of_address if everything else of_address.filter(pk=follow.pk)).delete()
    left = Follow.objects.filter(email=follow.email).exclude(confirmed_at=None).first()
    if left is None:
        letters_to = Letter.objects.filter(kind__in=KINDS, address=follow.email)
        letters_to.exclude(state=LetterState.SENDING).delete()
    return left


# --- the daily letter ------------------------------------------------------------------------------------------------
def due(now: datetime) -> list[str]:
    """The addresses that were not told today yet; none before seven (Bangkok's)."""
    return sorted(set(_due(now).values_list("email", flat=True))) if _seven(now) <= now else []


def _seven(now: datetime) -> datetime:
    at = letters.MORNING
    return timezone.localtime(now).replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)


def _due(now: datetime) -> Any:
    return Follow.objects.filter(confirmed_at__isnull=False, told_until__lt=_seven(now))


def held_due(email: str, now: datetime) -> list[Follow]:
    """What the address is to be told of today, locked; empty when another worker has told it."""
    return list(_due(now).filter(email=email).select_for_update().order_by("confirmed_at", "pk"))


@transaction.atomic
def tell(follows: Sequence[Follow], *, groups: Sequence[Any], count: int, now: datetime) -> Letter | None:
    """One letter of `count` things that are new, under the headings they stand under; none of nothing new.

    Either way all up to `now` counts as told.
    """
    last = follows[-1]
    letter = None
    if groups:
        key = f"follow-digest:{timezone.localdate(now)}"
        letter = _write("follow_digest", last, key, "?all=1", now, groups=groups, count=count)
    for follow in follows:
        follow.told_until = now
        follow.save(update_fields=["told_until"])
    return letter


# --- what goes by the clock ------------------------------------------------------------------------------------------
def forget(now: datetime | None = None) -> int:
    """Deletes what nobody confirmed in time, and old letters to followers; how many rows."""
    now = now or timezone.now()
    late = Follow.objects.filter(confirmed_at=None, created_at__lte=now - CONFIRMED_WITHIN)
    old = Letter.objects.filter(kind__in=KINDS, created_at__lt=now - LETTERS_FOR)
    return late.delete()[0] + old.delete()[0]
