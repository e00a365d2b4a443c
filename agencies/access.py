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


def writes_for(person: Person | Any, agency: Agency) -> bool:
    """Whether the person reports for this agency (reporter or lead)."""
    return agencies_of(person).filter(pk=agency.pk).exists()


def leads(person: Person | Any, agency: Agency) -> bool:
    """Whether the person is a lead of this agency."""
    if not isinstance(person, User) or not person.is_active:
        return False
    return Membership.objects.filter(agency=agency, user=person, role=Role.LEAD).exists()


def require_desk(person: Person | Any) -> None:
    """Raises PermissionDenied unless the person is one of OPDC's staff."""
    if not is_desk(person):
        raise PermissionDenied(_("Only OPDC staff may do this."))


def require_writer(person: Person | Any, agency: Agency) -> None:
    """Raises PermissionDenied unless the person reports for this agency."""
    if not writes_for(person, agency):
        raise PermissionDenied(_("Only people of this agency may do this."))
