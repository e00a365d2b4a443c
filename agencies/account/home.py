"""A person's own account: who they are here, and where to change it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.access import is_desk
from agencies.doors import AccountDoor


class AccountHome(AccountDoor):
    """Name, e-mail, agencies and roles."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        context = {
            "memberships": self.person.memberships.select_related("agency"),
            "is_desk": is_desk(self.person),
        }
        return render(request, "account/home.html", context)
