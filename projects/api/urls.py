"""What this app adds to the API: the name in the address, the view set, the name for links."""

from typing import Any

from django.urls import URLPattern, path

from projects.api import (
    call_writes,
    history,
    import_rows,
    imports,
    links,
    list_writes,
    meeting_writes,
    part_writes,
    project_writes,
    reports,
    visitor_writes,
    webhooks,
)
from projects.api.deletions import Deletions
from projects.api.due_reports import DueReports
from projects.api.reviews import Updates
from projects.api.search import Search

ROUTES: list[tuple[str, Any, str]] = [
    *part_writes.DOORS,
    *project_writes.DOORS,
    *list_writes.DOORS,
    *meeting_writes.DOORS,
    *call_writes.DOORS,
    *visitor_writes.DOORS,
    *links.DOORS,
    *history.DOORS,
    *webhooks.DOORS,
    *imports.DOORS,
    *import_rows.DOORS,
    ("due-reports", DueReports, "due-report"),
    ("updates", Updates, "update"),
]

urlpatterns: list[URLPattern] = [
    *imports.urlpatterns,
    *reports.urlpatterns,
    path("search/", Search.as_view(), name="search"),
    path("deletions/", Deletions.as_view(), name="deletions"),
]
