"""Innovations that visitors propose for the library: staff make a draft entry of one, or say why it is not taken.

waiting ──list_as_innovation──▶ listed
   │                              ▲
   └──decline──▶ declined ────────┘
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import desk_leads, require_desk
from agencies.models import Agency, User
from govlab import letters
from govlab.history import hold, keep
from govlab.thai import has_thai
from projects.models import Contact, Innovation, Proposal, ProposalState
from projects.rules.written import links_in

MOST_LINKS = 3
TEXTS = ("title", "about", "carries_over", "agency")


def _few_links(**answers: Any) -> None:
    """Raises ValidationError for texts with many links, which is what advertising looks like."""
    if links_in("\n".join(str(answers.get(name, "")) for name in TEXTS)) > MOST_LINKS:
        told = _("Leave at most %(most)s links in the text. The best one has a field of its own.")
        raise ValidationError({"about": told % {"most": MOST_LINKS}})


@transaction.atomic
def propose(*, by: None = None, contact: str = "", now: datetime | None = None, **answers: Any) -> Proposal:
    """A visitor proposes an innovation; how to reach them is kept apart. Staff get one letter a day at most."""
    _few_links(**answers)
    proposal = keep(Proposal(), "propose", by=by, now=now, **answers)
    if contact:
        reach = Contact(proposal=proposal, address=contact)
        reach.full_clean()
        reach.save()
    now = now or timezone.now()
    key = f"proposals:{timezone.localdate(now)}"
    letters.write("proposal_waiting", desk_leads().order_by("pk"), key=key, now=now, thing=proposal)
    return proposal


def _agency(name: str) -> Agency | None:
    """The agency of this very name, if we know it."""
    named = Q()
    for column in ("name_th", "name_en", "short_th", "short_en"):
        named |= Q(**{f"{column}__iexact": name})
    return Agency.objects.filter(named).order_by("pk").first() if name else None


def _draft(proposal: Proposal) -> dict[str, Any]:
    """The answers of the entry that the proposal becomes; what has no column of its own stands below the text."""
    agency = _agency(proposal.agency)
    about = [proposal.about]
    if proposal.agency and not agency:
        about.append(_("Done by: %(agency)s") % {"agency": proposal.agency})
    if proposal.url:
        about.append(_("Read more: %(url)s") % {"url": proposal.url})
    texts = {"title": proposal.title, "carries_over": proposal.carries_over}
    told = {f"{name}_{'th' if has_thai(text) else 'en'}": text for name, text in texts.items() if text}
    told[f"about_{'th' if has_thai(proposal.about) else 'en'}"] = "\n\n".join(about)
    return {**told, "country": proposal.country, "agency": agency}


@transaction.atomic
def list_as_innovation(proposal: Proposal, *, by: User, version: int | None = None) -> Proposal:
    """Makes a draft entry of the library of it, for staff to finish and publish; once: again gives the same entry."""
    require_desk(by)
    held = hold(proposal)
    if held.state == ProposalState.LISTED and held.innovation_id:
        return held
    held = hold(proposal, version)
    innovation = keep(Innovation(), "add", by=by, **_draft(held))
    return keep(
        held, "list", by=by, state=ProposalState.LISTED, reason="", innovation=innovation, decided_at=timezone.now()
    )


@transaction.atomic
def decline(proposal: Proposal, *, by: User, reason: str, version: int | None = None) -> Proposal:
    """Does not take it, and says why; raises ValidationError for one that is in the library already."""
    require_desk(by)
    held = hold(proposal)
    if held.state == ProposalState.DECLINED:  # already there: the same answer as the first time
        return held
    if held.state == ProposalState.LISTED:
        raise ValidationError(_("It was taken into the library. Hide or remove the entry there."), code="moment")
    held = hold(proposal, version)
    return keep(held, "decline", by=by, state=ProposalState.DECLINED, reason=reason, decided_at=timezone.now())
