"""What agencies are filtered by, on pages and in the API alike."""

from django.utils.translation import gettext_lazy as _

from agencies.models import AgencyKind
from govlab.filters import Choice, Filters, Words


class AgencyFilter(Filters):
    """Agencies by words and kind."""

    q = Words()
    kind = Choice(label=_("Kind"), choices=AgencyKind.choices)
