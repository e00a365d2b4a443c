"""The list of agencies on the desk as a file; its page is a door of `agencies`, which knows no tables."""

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse

from agencies.doors import DeskDoor
from agencies.filters import AgencyFilter
from agencies.models import Agency
from projects.exchange import desk_tables
from projects.exchange.taking import take


class AgencyRows(DeskDoor):
    """Every agency, in the order of the page and through its filter."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file; 404 where the address asks for none."""
        rows = Agency.objects.annotate(people=Count("memberships")).order_by("sort_key", "pk")
        asked = AgencyFilter(request.GET, rows)
        if file := take(request, desk_tables.AGENCIES, asked.qs, asked=asked):
            return file
        raise Http404
