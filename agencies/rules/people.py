"""Who works for an agency: staff keep everybody, a lead keeps the people of the own agency."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import is_desk, leads, led_by, require_desk
from agencies.models import Agency, Membership, User
from govlab import letters
from govlab.history import drop, hold, keep
from govlab.models import Typed


def may_keep(by: User, agency: Agency) -> bool:
    """Whether this person decides who works for the agency."""
    return is_desk(by) or leads(by, agency)


def require_keeper(by: Any, agency: Agency | None) -> None:
    """Raises PermissionDenied unless this person decides who works for the agency; for one still to be named, any."""
    if not (may_keep(by, agency) if agency else is_desk(by) or led_by(by).exists()):
        raise PermissionDenied(_("Only a lead of this agency or OPDC staff may do this."))


def _person(email: str, name: str, by: User, about: Agency | None, **fields: bool) -> User:
    """The account with this address, made (with a letter) when there is none."""
    email = email.strip().lower()
    known = User.objects.filter(email=email).first()
    if known:
        return known
    person = User(email=email, name=name, **fields)
    person.set_unusable_password()
    person = keep(person, "add", by=by)
    letters.write("account_made", [person], asked=True, agency=about)
    return person


@transaction.atomic
def add_member(agency: Agency, *, by: User, email: str, name: str, role: str) -> Membership:
    """Lets a person work for the agency; makes the account and writes to them when they are new."""
    require_keeper(by, agency)
    person = _person(email, name, by, agency)
    return keep(Membership(user=person, agency=agency), "add", by=by, role=role)


@transaction.atomic
def edit_member(membership: Membership, *, by: User, version: int, role: str, verb: str = "edit") -> Membership:
    """Changes what a person does for the agency."""
    require_keeper(by, membership.agency)
    return keep(hold(membership, version), verb, by=by, role=role)


@transaction.atomic
def remove_member(membership: Membership, *, by: User, version: int | None = None) -> None:
    """Ends a person's work for the agency; what they wrote stays."""
    require_keeper(by, membership.agency)
    drop(hold(membership, version), "remove", by=by)


@transaction.atomic
def add_staff(*, by: User, email: str, name: str) -> User:
    """Makes somebody one of OPDC's staff."""
    require_desk(by)
    person = _person(email, name, by, None)
    return keep(hold(person), "add", by=by, is_staff=True)


@transaction.atomic
def edit_person(
    person: User,
    *,
    by: User,
    version: int,
    name: str,
    is_staff: bool,
    is_active: bool,
    leads_desk: bool,
    verb: str = "edit",
) -> User:
    """Changes a person's name, whether they are OPDC staff, lead the desk, and may sign in."""
    require_desk(by)
    if person.pk == by.pk and not (is_staff and is_active):
        raise ValidationError(_("You cannot shut yourself out. Ask another member of staff."))
    if leads_desk and not is_staff:
        raise ValidationError({"leads_desk": _("Only OPDC staff can lead the desk.")})
    if not is_active:
        Typed.objects.filter(user=person.pk).delete()  # what was typed and not saved, nobody else ever sees
    held = hold(person, version)
    return keep(held, verb, by=by, name=name, is_staff=is_staff, is_active=is_active, leads_desk=leads_desk)
