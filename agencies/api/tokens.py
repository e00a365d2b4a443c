"""A program shows its owner's token: `Authorization: Bearer gl_...`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from agencies.models import ApiToken, Scope, User
from agencies.rules.tokens import digest, require_scope
from govlab.throttling import count_stranger

SCOPES = (
    "Tokens are made on the account page. Each has a scope: `read` opens what reads, `report` also what an agency does "
    "to report, `everything` all that its owner may do. Each operation names the scope that it needs."
)
USE_NOTED_EVERY = timedelta(minutes=5)
"""How exactly `last_used_at` is kept: not every request is worth a write."""


def scope_of(method: str, view: Any) -> Scope:
    """The scope that a request needs: of what writes, only the verbs that its door counts as reporting need less.

    Asked where the token is looked at, so that no door can leave it out.
    """
    if method in SAFE_METHODS:
        return Scope.READ
    return Scope.REPORT if getattr(view, "action", "") in getattr(view, "reporting", ()) else Scope.EVERYTHING


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
            count_stranger(request._request)
            raise AuthenticationFailed(_("This token is not valid, or no longer. Make a new one on your account page."))
        if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        require_scope(token, scope_of(request.method or "", request.parser_context.get("view")))
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
        return {"type": "http", "scheme": "bearer", "description": SCOPES}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """With the scope that the operation needs; OpenAPI 3.1 calls it a role."""
        return {self.name: [str(scope_of(auto_schema.method, auto_schema.view))]}
