"""What this app adds to the API: the name in the address, the view set, the name for links."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []

urlpatterns: list[Any] = []
