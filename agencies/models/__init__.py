"""Agencies, the people who work for them, and the documents facts come from."""

from agencies.models.agencies import Agency, AgencyKind
from agencies.models.people import ApiToken, Membership, Role, User
from agencies.models.sources import Source

__all__ = ["Agency", "AgencyKind", "ApiToken", "Membership", "Role", "Source", "User"]
