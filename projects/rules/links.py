"""A link that lets a named colleague without an account fill in one report; the agency makes it and takes it back.

The address holds the link's number with a signature, so nothing secret is kept. A link never sends the report.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import require_writer
from agencies.models import User
from govlab.history import Gone, hold, keep
from govlab.thai import normalise
from projects.models import ProgressUpdate, ReportLink
from projects.rules import updates
from projects.rules.steps import held_for

LONGEST = timedelta(days=60)
MOST = 5
"""How many links of one report may be valid at once."""
_signer = Signer(salt="projects.rules.links")


def token_of(link: ReportLink) -> str:
    """What stands in the link's address."""
    return _signer.sign_object(link.pk)


def opened_by(token: str, now: datetime | None = None) -> ReportLink | None:
    """The valid link that the token names; None for one that is unknown, ended, taken back, or whose maker is gone."""
    try:
        key = _signer.unsign_object(token)
    except (BadSignature, ValueError):
        return None
    valid = ReportLink.objects.valid(timezone.localdate(now))
    return valid.select_related("update__project", "update__agency", "made_by").filter(pk=key).first()


@transaction.atomic
def make(update: ProgressUpdate, *, by: User, name: str, ends_on: date, now: datetime | None = None) -> ReportLink:
    """A link for a person with this name, valid until the end of a day; only while the agency may write the report."""
    held = held_for("edit", update, by, None)
    today = timezone.localdate(now)
    if not normalise(name).strip():
        raise ValidationError({"name": _("Give the name of the person who will fill in the report.")})
    if not today <= ends_on <= today + LONGEST:
        raise ValidationError(
            {"ends_on": _("Choose a day from today on, at most %(days)d days ahead.") % {"days": LONGEST.days}}
        )
    if held.links.valid(today).count() >= MOST:
        raise ValidationError(
            _("This report has %(most)d valid links already. Take one back, then make another.") % {"most": MOST}
        )
    link = ReportLink(update=held, made_by=by, demo=held.demo)
    return keep(link, "add", by=by, now=now, name=name.strip(), ends_on=ends_on)


@transaction.atomic
def revoke(link: ReportLink, *, by: User, version: int | None = None, now: datetime | None = None) -> ReportLink:
    """Takes the link back: from now on it opens nothing. A second time changes nothing."""
    require_writer(by, link.update.agency)
    held = hold(link, version)
    return held if held.revoked_at else keep(held, "revoke", by=by, now=now, revoked_at=now or timezone.now())


@transaction.atomic
def fill(link: ReportLink, *, version: int, now: datetime | None = None, **answers: Any) -> ProgressUpdate:
    """Writes the report as `updates.edit` does, and says in whose name; whoever made the link answers for it.

    Raises Gone when the link is no longer valid, Stale when somebody else saved the report since.
    """
    hold(link.update)  # before the link, as whoever discards a report holds them in this order
    held = hold(link)
    if not ReportLink.objects.valid(timezone.localdate(now)).filter(pk=held.pk).exists():
        raise Gone(f"link {held.pk}")
    update = updates.fill(link.update, by=held.made_by, version=version, filled_by=held.name, **answers)
    keep(held, "fill", by=held.made_by, now=now, last_used_at=now or timezone.now())
    return update
