"""What this app adds to the API: the name in the address, the view set, the name for links."""

from typing import Any

from django.urls import URLPattern, path

from projects.api.cohorts import Cohorts
from projects.api.decisions import Assignments
from projects.api.due_reports import DueReports
from projects.api.indicators import Indicators
from projects.api.innovations import Innovations
from projects.api.lookups import TABLES, Lookups
from projects.api.meetings import Meetings
from projects.api.projects import Projects
from projects.api.resolutions import Resolutions
from projects.api.reviews import Updates
from projects.api.rounds import Rounds
from projects.api.search import Search

ROUTES: list[tuple[str, Any, str]] = [
    ("assignments", Assignments, "assignment"),
    ("cohorts", Cohorts, "cohort"),
    ("due-reports", DueReports, "due-report"),
    ("indicators", Indicators, "indicator"),
    ("innovations", Innovations, "innovation"),
    (rf"lookups/(?P<table>{'|'.join(TABLES)})", Lookups, "lookup"),
    ("meetings", Meetings, "meeting"),
    ("projects", Projects, "project"),
    ("resolutions", Resolutions, "resolution"),
    ("rounds", Rounds, "round"),
    ("updates", Updates, "update"),
]

urlpatterns: list[URLPattern] = [path("search/", Search.as_view(), name="search")]
