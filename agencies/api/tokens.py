"""A program shows its owner's token: `Authorization: Bearer gl_...`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies.models import ApiToken, User
from agencies.rules.tokens import digest

USE_NOTED_EVERY = timedelta(minutes=5)
"""How exactly `last_used_at` is kept: not every request is worth a write."""


class TokenAuthentication(BaseAuthentication):
    """Finds the person behind a valid token; an unknown or ended one is refused, none at all is a visitor."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's owner and the token."""
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "bearer":
            return None
        now = timezone.now()
        token = None
        if len(words) == 2:
            token = ApiToken.objects.valid(now).select_related("user").filter(digest=digest(words[1])).first()
        if token is None:
            raise AuthenticationFailed(_("This token is not valid, or no longer. Make a new one on your account page."))
        if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing or bad token a 401."""
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the token."""

    target_class = "agencies.api.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An HTTP bearer token."""
        return {"type": "http", "scheme": "bearer"}
