"""Agencies, the people who work for them, and the documents facts come from."""

from agencies.models.agencies import Agency, AgencyKind
from agencies.models.people import ApiToken, Language, Membership, Role, Scope, User
from agencies.models.security import SecurityEvent, SecurityKind
from agencies.models.sources import Source

__all__ = [
    "Agency",
    "AgencyKind",
    "ApiToken",
    "Language",
    "Membership",
    "Role",
    "Scope",
    "SecurityEvent",
    "SecurityKind",
    "Source",
    "User",
]
