"""Whom each door admits: the public one everybody, the workspace people of agencies, the desk OPDC's staff."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from agencies.access import agencies_of, is_desk, require_desk
from govlab.doors import Door


@method_decorator(login_not_required, name="dispatch")
class PublicDoor(Door):
    """Everybody is a visitor here, signed in or not: so a page holds no private byte and any cache may keep it."""

    cache_control = "public, max-age=0, must-revalidate"

    @property
    def person(self) -> Any:
        """A visitor, whoever it is."""
        return AnonymousUser()

    def admit(self, request: HttpRequest) -> None:
        """Admits everybody."""


class WorkspaceDoor(Door):
    """People who work for an agency; OPDC's staff too, for the agencies they belong to."""

    def admit(self, request: HttpRequest) -> None:
        """Admits whoever works for an agency."""
        if not (is_desk(request.user) or agencies_of(request.user).exists()):
            raise PermissionDenied(_("You do not work for any agency yet. Ask your agency's lead or OPDC staff."))


class DeskDoor(Door):
    """OPDC's staff."""

    def admit(self, request: HttpRequest) -> None:
        """Admits staff."""
        require_desk(request.user)


class AccountDoor(Door):
    """Whoever is signed in, about their own account."""

    def admit(self, request: HttpRequest) -> None:
        """Admits whoever is signed in; the others were sent to sign in before."""
