"""What this app adds to the API: the name in the address, the view set, the name for links."""

from typing import Any

from agencies.api.agencies import Agencies
from agencies.api.sources import Sources

ROUTES: list[tuple[str, Any, str]] = [("agencies", Agencies, "agency"), ("sources", Sources, "source")]
