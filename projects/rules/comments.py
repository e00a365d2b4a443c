"""What the agency and staff say to each other about an update."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import is_desk, writes_for
from agencies.models import User
from govlab.history import hold, keep
from projects.models import Comment, ProgressUpdate
from projects.models.updates import INSIDE_AGENCY
from projects.rules import notices


@transaction.atomic
def add(update: ProgressUpdate, *, by: User, text: str, inside: bool = False) -> Comment:
    """A word of the agency or of staff about an update that they see; `inside` keeps it among staff.

    What the agency says before it has sent the update stays within the agency.
    """
    desk = is_desk(by)
    writes = writes_for(by, update.agency)
    if not desk and not writes:
        raise PermissionDenied(_("Only people of this agency may do this."))
    if inside and not desk:
        raise PermissionDenied(_("Only OPDC staff may do this."))
    held = hold(update)  # before the look at it: the agency may be withdrawing it
    if not ProgressUpdate.objects.visible_to(by).filter(pk=update.pk).exists():
        raise PermissionDenied(_("Only people of this agency may do this."))
    unsent = held.state in INSIDE_AGENCY
    said = keep(
        Comment(update=held, author=by, by_desk=desk and (inside or not unsent), demo=held.demo),
        "comment",
        by=by,
        text=text.strip(),
        inside=inside or unsent,
    )
    notices.commented(said, by=by)
    return said
