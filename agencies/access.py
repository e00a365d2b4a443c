"""The only reader of roles: who a person is to OPDC and to the agencies."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership, Role, User

Person = User | AnonymousUser
"""Whoever stands at a door; one who is not signed in is a visitor."""


def is_desk(person: Person | Any) -> bool:
    """Whether the person is one of OPDC's staff."""
    return isinstance(person, User) and person.is_active and person.is_staff


def agencies_of(person: Person | Any) -> QuerySet[Agency]:
    """The agencies the person works for, in whatever role; none for a visitor. Composes into a subquery."""
    if not isinstance(person, User) or not person.is_active:
        return Agency.objects.none()
    return Agency.objects.filter(memberships__user=person)


def roles_of(person: Person | Any) -> dict[int, str]:
    """The person's role in each of their agencies, by the agency's number; for whoever asks about many of them."""
    if not isinstance(person, User) or not person.is_active:
        return {}
    return dict(Membership.objects.filter(user=person).values_list("agency_id", "role"))


def writes_for(person: Person | Any, agency: Agency) -> bool:
    """Whether the person reports for this agency (reporter or lead)."""
    return agencies_of(person).filter(pk=agency.pk).exists()


def leads(person: Person | Any, agency: Agency) -> bool:
    """Whether the person is a lead of this agency."""
    if not isinstance(person, User) or not person.is_active:
        return False
    return Membership.objects.filter(agency=agency, user=person, role=Role.LEAD).exists()


def led_by(person: Person | Any) -> QuerySet[Agency]:
    """The agencies that the person leads."""
    if not isinstance(person, User):
        return Agency.objects.none()
    return agencies_of(person).filter(memberships__user=person, memberships__role=Role.LEAD)


def has_lead(agency: Agency) -> bool:
    """Whether somebody who may sign in leads this agency."""
    return Membership.objects.filter(agency=agency, user__is_active=True, role=Role.LEAD).exists()


def lead_reads_first(person: Person | Any, agency: Agency) -> bool:
    """Whether what this person sends goes to a lead of the agency before it goes to OPDC."""
    return agency.lead_passes_on and not leads(person, agency) and has_lead(agency)


def staff() -> QuerySet[User]:
    """OPDC's people who may sign in."""
    return User.objects.filter(is_staff=True, is_active=True)


def desk_leads() -> QuerySet[User]:
    """Those of OPDC's people who lead the desk; all of them where nobody does."""
    leading = staff().filter(leads_desk=True)
    return leading if leading.exists() else staff()


def require_desk(person: Person | Any) -> None:
    """Raises PermissionDenied unless the person is one of OPDC's staff."""
    if not is_desk(person):
        raise PermissionDenied(_("Only OPDC staff may do this."))


def require_writer(person: Person | Any, agency: Agency) -> None:
    """Raises PermissionDenied unless the person reports for this agency."""
    if not writes_for(person, agency):
        raise PermissionDenied(_("Only people of this agency may do this."))
