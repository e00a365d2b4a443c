"""How allauth fits in here: nobody signs up alone, everybody lands where their work is."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from agencies.access import is_desk


class Adapter(DefaultAccountAdapter):
    """Accounts are made by staff and leads; guessing is counted per account and address together."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account alone."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to the desk, the others to the workspace of their agency."""
        return reverse("desk:home" if is_desk(request.user) else "workspace:home")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Counts failures for an account from one address, so that nobody locks another out from elsewhere."""
        return f"{self.get_client_ip(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"
