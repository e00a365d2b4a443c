"""What visitors answer to a call: taken while it is open, shown once somebody decided, and nothing kept for too long.

    (answer) ─▶ waiting ──show──────▶ shown
                 ▲  ▲  └───withhold─▶ withheld (with a reason that everybody reads)
                 │  └───────wait────────┘ │
                 └──────────wait──────────┘        shown ◀──▶ withheld

Staff decide, and leads of the owner's agency where the call lets them. How to reach somebody stands in `Contact` and
nowhere else: no history, no letter, no export names it.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import staff
from agencies.models import Role, User
from govlab import letters
from govlab.history import Gone, Stale, hold, keep
from govlab.models import Letter
from projects.models import Call, Contact, Moderation, PartKind, PublishState, Voice
from projects.models.calls import CONTACTS_FOR
from projects.rules import calls
from projects.rules.written import links_in

LONGEST = 5000
"""Characters of an answer."""
MOST_LINKS = 3
REACH = 200
"""Characters of what somebody is reached by."""
UNDECIDED_FOR = timedelta(days=365)
EARLIEST = 6
"""The hour (Bangkok's) from which letters about what waits are written."""

REASONS: dict[str, Any] = {
    "personal": gettext_lazy("It tells who somebody is"),
    "abuse": gettext_lazy("It insults somebody"),
    "elsewhere": gettext_lazy("It is about something else"),
    "selling": gettext_lazy("It advertises something"),
    "twice": gettext_lazy("It was sent more than once"),
    "unproven": gettext_lazy("It accuses somebody of what we cannot check"),
}
"""Why something is not shown, in words for everybody; a typed reason stands in its own words."""


def reason_words(reason: str) -> str:
    """What a reason says to people."""
    return str(REASONS.get(reason, reason))


# --- answering -------------------------------------------------------------------------------------------------------
def _says_something(text: str) -> bool:
    """Whether anything in it can be seen."""
    return any(unicodedata.category(letter)[0] in "LNSP" for letter in text)


def _checked(text: str) -> str:
    """The answer as it is kept; raises ValidationError at `text`."""
    text = text.replace("\r\n", "\n").strip()
    if not _says_something(text):
        refused = _("Write your answer first.")
    elif len(text) > LONGEST:
        refused = _("Your answer has %(n)s characters. Shorten it to 5,000, or send it in two parts.") % {
            "n": f"{len(text):,}"
        }
    elif links_in(text) > MOST_LINKS:
        refused = _("Your answer has more than three links. Keep the three that matter most.")
    else:
        return text
    raise ValidationError({"text": refused})


@transaction.atomic
def answer(
    call: Call,
    *,
    by: User | None = None,
    text: str,
    standpoint: str,
    contact: str = "",
    language: str = "th",
    now: datetime | None = None,
) -> Voice:
    """A visitor answers an open call; nothing shows before somebody decides. What the text holds stays text."""
    held = hold(call)
    if not held.is_open(timezone.localdate(now)) or held.project.state != PublishState.PUBLISHED:
        raise ValidationError(
            _("This call takes no answers any more. Copy what you wrote if you need it."), code="moment"
        )
    voice = Voice(call=held, demo=held.demo)
    keep(voice, "answer", by=by, now=now, text=_checked(text), standpoint=standpoint, language=language)
    if address := " ".join(contact.replace("\0", "").split()):
        if len(address) > REACH:
            raise ValidationError({"contact": _("Keep to one way to reach you, 200 characters at most.")})
        Contact.objects.create(voice=voice, address=address)
    return voice


# --- deciding --------------------------------------------------------------------------------------------------------
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "show": (frozenset({Moderation.WAITING, Moderation.WITHHELD}), Moderation.SHOWN),
    "withhold": (frozenset({Moderation.WAITING, Moderation.SHOWN}), Moderation.WITHHELD),
    "wait": (frozenset({Moderation.SHOWN, Moderation.WITHHELD}), Moderation.WAITING),
}


def open_steps(user: User, voice: Voice, *, allowed: bool | None = None) -> list[str]:
    """The verbs that this person may use on the voice now; a list that knows what `moderates` would say tells it."""
    allowed = calls.moderates(user, voice.call) if allowed is None else allowed
    return [verb for verb, (before, _after) in STEPS.items() if allowed and voice.state in before]


def _decide(verb: str, voice: Voice, *, by: User, version: int | None, now: datetime | None, reason: str = "") -> Voice:
    calls.require_moderator(by, voice.call)
    held = hold(voice, version)
    before, after = STEPS[verb]
    if held.state not in before:  # already there: the same answer as the first time
        return held
    at, who = (None, None) if verb == "wait" else (now or timezone.now(), by)
    return keep(held, verb, by=by, now=now, state=after, reason=reason, decided_at=at, decided_by=who)


@transaction.atomic
def show(voice: Voice, *, by: User, version: int | None = None, now: datetime | None = None) -> Voice:
    """Lets everybody read it."""
    return _decide("show", voice, by=by, version=version, now=now)


@transaction.atomic
def withhold(voice: Voice, *, by: User, reason: str, version: int | None = None, now: datetime | None = None) -> Voice:
    """Keeps it from the public; `reason`, one of REASONS or own words, is what everybody reads in its place."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is not shown: everybody reads the reason.")})
    return _decide("withhold", voice, by=by, version=version, now=now, reason=reason.strip())


@transaction.atomic
def wait(voice: Voice, *, by: User, version: int | None = None, now: datetime | None = None) -> Voice:
    """Takes a decision back."""
    return _decide("wait", voice, by=by, version=version, now=now)


@transaction.atomic
def decide_many(
    verb: str, voices: Iterable[tuple[Voice, int]], *, by: User, reason: str = "", now: datetime | None = None
) -> tuple[list[Voice], int]:
    """One verb on several voices, each in the version that was read; those decided, and how many had moved on."""
    if verb == "withhold" and not reason.strip():
        raise ValidationError({"reason": _("Say why it is not shown: everybody reads the reason.")})
    why, done, moved = reason.strip() if verb == "withhold" else "", [], 0
    for voice, version in voices:
        try:
            done.append(_decide(verb, voice, by=by, version=version, now=now, reason=why))
        except (Gone, Stale):
            moved += 1
    return done, moved


# --- by the clock ----------------------------------------------------------------------------------------------------
def forget_contacts(now: datetime | None = None) -> int:
    """Deletes how to reach people 90 days after their call ended or their proposal was decided; how many.

    What was proposed and never decided lets go of it after UNDECIDED_FOR.
    """
    now = now or timezone.now()
    over = Call.objects.to_forget(timezone.localdate(now)).values("pk")
    decided = Q(proposal__decided_at__lt=now - CONTACTS_FOR)
    decided |= Q(proposal__decided_at=None, proposal__created_at__lt=now - UNDECIDED_FOR)
    return Contact.objects.filter(Q(voice__call__in=over) | decided).delete()[0]


def tell_of_waiting(now: datetime | None = None) -> int:
    """Writes to those who decide, once a day at most, that voices came in since their last such letter; how many."""
    now = now or timezone.now()
    if timezone.localtime(now).hour < EARLIEST:
        return 0
    rows = Voice.objects.waiting().filter(call__state=PublishState.PUBLISHED).select_related("call__project")
    waiting = list(rows.only("created_at", "call"))
    if not waiting:
        return 0
    by_person: dict[User, list[Voice]] = dict.fromkeys(staff().order_by("pk"), waiting)
    for person in _leads_who_moderate({voice.call for voice in waiting}):
        own = [voice for voice in waiting if calls.moderates(person, voice.call)]
        by_person.setdefault(person, own)
    return sum(_tell(person, voices, now) for person, voices in by_person.items())


def _leads_who_moderate(about: set[Call]) -> Iterable[User]:
    """Who leads the owner's agency of one of these calls and may decide."""
    projects = {call.project_id for call in about if call.lead_moderates}
    owned = Q(memberships__agency__parts__project__in=projects, memberships__agency__parts__part=PartKind.OWNER)
    return User.objects.filter(owned, memberships__role=Role.LEAD, is_active=True).distinct().order_by("pk")


@transaction.atomic
def _tell(person: User, waiting: list[Voice], now: datetime) -> int:
    last = Letter.objects.filter(user=person, kind="voices_waiting").order_by("-created_at").first()
    if not waiting or (last and max(voice.created_at for voice in waiting) <= last.created_at):
        return 0
    counts: dict[Call, int] = {}
    for voice in waiting:
        counts[voice.call] = counts.get(voice.call, 0) + 1
    key = f"voices:{timezone.localdate(now)}"
    about: dict[str, Any] = {
        "counts": sorted(counts.items(), key=lambda row: row[0].pk),
        "n": len(waiting),
        "desk": person.is_staff,
    }
    return len(letters.write("voices_waiting", [person], key=key, now=now, **about))
