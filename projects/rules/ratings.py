"""What visitors think of a project: stars that count at once, a comment that shows once staff have decided.

    (rate) ─▶ waiting ──show──▶ shown          take_out (from everywhere): the stars count no more and the comment goes;
               ▲ ▲ ▲ └─withhold─▶ withheld     only its history keeps it. wait brings both back.
               │ │ └──wait──┘ │  ▲
               │ └────wait────┘  │             show and withhold also lead from the one to the other.
               └──────wait── taken out

Withholding a comment keeps its stars: what somebody thinks of the project counts, however they put it. What is no
opinion but abuse (one person many times, a campaign, an insult for its own sake) staff take out as a whole.

A visitor is told from another by a mark (`govlab.visitors.mark`), as far as that goes: an office behind one address
with one browser is one visitor, who replaces their own rating. After a year the mark goes, the rating stays.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import is_desk, require_desk
from agencies.models import User
from govlab.history import hold, keep
from projects.models import Moderation, Project, PublishState, Rater, Rating
from projects.rules.written import links_in

LONGEST = 1000
"""Characters of a comment."""
MOST_LINKS = 2
MARKS_FOR = timedelta(days=365)
"""How long it is known which visitor gave a rating."""
WAITING, SHOWN, WITHHELD = Moderation.WAITING, Moderation.SHOWN, Moderation.WITHHELD
OUT = "out"
"""A rating that was taken out: withheld without a comment (`RatingQuerySet.counted`)."""
BARE = "bare"
"""Stars without a comment: there is nothing to decide but whether they count."""

STEPS: dict[str, tuple[frozenset[str], str]] = {
    "show": (frozenset({WAITING, WITHHELD}), SHOWN),
    "withhold": (frozenset({WAITING, SHOWN}), WITHHELD),
    "wait": (frozenset({SHOWN, WITHHELD, OUT}), WAITING),
    "take_out": (frozenset({WAITING, SHOWN, WITHHELD, BARE}), WITHHELD),
}


def standing(rating: Rating) -> str:
    """Where a rating stands: a state of its comment, BARE or OUT."""
    if rating.comment:
        return rating.state
    return OUT if rating.state == WITHHELD else BARE


def open_steps(user: User, rating: Rating) -> list[str]:
    """The verbs that this person may use on the rating now."""
    return [verb for verb, (before, _after) in STEPS.items() if is_desk(user) and standing(rating) in before]


# --- rating ----------------------------------------------------------------------------------------------------------
def _checked(comment: str) -> str:
    """The comment as it is kept; raises ValidationError at `comment`."""
    comment = comment.replace("\r\n", "\n").strip()
    if len(comment) > LONGEST:
        told = _("Your comment has %(n)s characters. Shorten it to 1,000.") % {"n": f"{len(comment):,}"}
        raise ValidationError({"comment": told})
    if links_in(comment) > MOST_LINKS:
        raise ValidationError({"comment": _("Your comment has more than two links. Keep the two that matter most.")})
    return comment


def is_known(project: Project, visitor: str) -> bool:
    """Whether this visitor has rated the project before."""
    return Rater.objects.filter(project=project, visitor=visitor).exists()


@transaction.atomic
def rate(
    project: Project,
    *,
    by: User | None = None,
    visitor: str,
    stars: int,
    comment: str = "",
    language: str = "th",
    now: datetime | None = None,
) -> Rating:
    """A visitor rates a public project; a second time replaces the first, and a changed comment waits again.

    Stars alone take the comment away that was there: what was sent last is all that stands.
    Raises ValidationError for a project that is not public, stars beyond one to five, and a comment that is no comment.
    """
    held = hold(project)  # whoever rates the project at the same moment waits here, so one visitor is one row
    if held.state != PublishState.PUBLISHED:
        raise ValidationError(_("This project cannot be rated now."), code="moment")
    rater = Rater.objects.select_related("rating").filter(project=held, visitor=visitor).first()
    rating = rater.rating if rater else Rating(project=held, demo=held.demo)
    answers: dict[str, Any] = {"stars": stars, "comment": _checked(comment), "language": language}
    if not rater or answers["comment"] != rating.comment:
        answers |= {"state": WAITING, "reason": "", "decided_at": None, "decided_by": None}
    rating = keep(rating, "rate", by=by, now=now, **answers)
    if rater:
        rater.save()  # the year begins anew
    else:
        Rater.objects.create(rating=rating, project=held, visitor=visitor)
    return rating


# --- deciding --------------------------------------------------------------------------------------------------------
def _decide(verb: str, rating: Rating, by: User, version: int | None, now: datetime | None, **answers: Any) -> Rating:
    require_desk(by)
    held = hold(rating, version)
    before, after = STEPS[verb]
    if standing(held) not in before:  # already there: the same answer as the first time
        return held
    if verb == "wait" and standing(held) == OUT:
        answers["comment"] = _comment_before(held)
    at, who = (None, None) if verb == "wait" else (now or timezone.now(), by)
    return keep(held, verb, by=by, now=now, **{"state": after, "reason": "", **answers}, decided_at=at, decided_by=who)


def _comment_before(rating: Rating) -> str:
    """What the comment said before the rating was taken out."""
    rows = rating.history.exclude(history_change_reason="take_out").order_by("-history_date", "-history_id")
    return str(rows.values_list("comment", flat=True).first() or "")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: colleagues read it, and the history keeps it.")})
    return reason.strip()


@transaction.atomic
def show(rating: Rating, *, by: User, version: int | None = None, now: datetime | None = None) -> Rating:
    """Lets everybody read the comment."""
    return _decide("show", rating, by, version, now)


@transaction.atomic
def withhold(
    rating: Rating, *, by: User, reason: str, version: int | None = None, now: datetime | None = None
) -> Rating:
    """Keeps the comment from the public; the stars still count."""
    return _decide("withhold", rating, by, version, now, reason=_reason(reason))


@transaction.atomic
def take_out(
    rating: Rating, *, by: User, reason: str, version: int | None = None, now: datetime | None = None
) -> Rating:
    """Takes the whole rating out as abuse: its stars count no more, its comment stays in the history alone."""
    return _decide("take_out", rating, by, version, now, reason=_reason(reason), comment="")


@transaction.atomic
def wait(rating: Rating, *, by: User, version: int | None = None, now: datetime | None = None) -> Rating:
    """Takes a decision back: the stars count, the comment waits."""
    return _decide("wait", rating, by, version, now)


# --- by the clock ----------------------------------------------------------------------------------------------------
def forget_marks(now: datetime | None = None) -> int:
    """Forgets who gave the ratings that are older than a year; how many."""
    return Rater.objects.filter(rated_at__lt=(now or timezone.now()) - MARKS_FOR).delete()[0]
