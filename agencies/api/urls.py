"""What this app adds to the API: the name in the address, the view set, the name for links."""

from typing import Any

from agencies.api.people import DOORS

ROUTES: list[tuple[str, Any, str]] = DOORS
