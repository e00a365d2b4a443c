"""How an agency wants to work; who it is and who works for it are kept elsewhere (records, people)."""

from django.db import transaction

from agencies.models import Agency, User
from agencies.rules.people import require_keeper
from govlab.history import hold, keep


@transaction.atomic
def set_passing(agency: Agency, *, by: User, version: int, lead_passes_on: bool) -> Agency:
    """Says whether a lead reads what reporters write before it goes to OPDC; raises Stale when somebody was quicker.

    What waits for a lead already goes on waiting: a lead passes it on, or its writer withdraws it and sends it again.
    """
    require_keeper(by, agency)
    return keep(hold(agency, version), "edit", by=by, lead_passes_on=lead_passes_on)
