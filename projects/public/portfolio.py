"""The map of the portfolio: two facets of the projects crossed; every cell leads to its projects."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from projects.exchange.lists import crossed
from projects.exchange.taking import take
from projects.facets import chosen_of
from projects.filters import ProjectFilter
from projects.models import Project
from projects.portfolio import STAGE, portfolio

SIDES = ("facet", "type", "lab", "stage", "field", "cohort")
"""What may stand on a side, each a facet of the list of projects."""
PAIRS = [("facet", "type"), ("lab", "stage"), ("field", "cohort"), ("type", "stage"), ("field", "stage")]
"""Pictures that are offered ready."""


def query(kept: dict[str, Any], **more: str) -> str:
    """What the address of the list says after its "?": the filter that is kept, and one value for each facet named."""
    return urlencode({**kept, **more}, doseq=True)


class PortfolioMap(PublicDoor):
    """The picture, with whatever filter the list of projects has."""

    def sides(self) -> tuple[str, str]:
        """What stands down and across, never the same twice.

        Where the address does not say: facet and type, once one is stated of any project; until then field and stage.
        """
        down, across = (self.request.GET.get(name, "") for name in ("rows", "columns"))
        if down not in SIDES and across not in SIDES:
            told = Project.objects.visible_to(self.person).exclude(facets=None, types=None)
            return ("facet", "type") if told.exists() else ("field", "stage")
        down = down if down in SIDES else next(name for name in SIDES if name != across)
        across = across if across in SIDES and across != down else next(name for name in SIDES if name != down)
        return down, across

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        down, across = self.sides()
        asked = ProjectFilter(request.GET, queryset=Project.objects.visible_to(self.person))
        picture = portfolio(asked, down, across)
        labels = {name: str(asked.form.fields[name].label) for name in SIDES}
        headings = [*(label for _k, label, _n in picture.columns), _("In all")]
        bands = [(band.label, [*(cell.count for _k, cell in band.cells), band.total]) for band in picture.bands]
        sums = (_("In all"), [*(n for _k, _label, n in picture.columns), picture.total])
        told = crossed(_("Map of the portfolio"), labels[down], headings)
        if file := take(request, told, lambda: [*bands, sums], asked=asked):
            return file
        stages = dict(asked.form.fields[STAGE].choices)
        kept = {
            name: value
            for name, value in asked.form.cleaned_data.items()
            if value and name not in ("order", down, across)
        }
        list_query = partial(query, kept)
        table = [
            (
                band,
                list_query(**{down: band.key}),
                [
                    (cell, list_query(**{down: band.key, across: key}), [(stages[at], n) for at, n in cell.at.items()])
                    for key, cell in band.cells
                ],
            )
            for band in picture.bands
        ]
        context: dict[str, Any] = {
            "title": _("Map of the portfolio"),
            "picture": picture,
            "table": table,
            "columns": [(label, n, list_query(**{across: key})) for key, label, n in picture.columns],
            "all": list_query(),
            "kept": [
                (name, one) for name, value in kept.items() for one in ([value] if isinstance(value, str) else value)
            ],
            "chosen": [row for row in chosen_of(asked, request.GET) if row[0] not in (labels[down], labels[across])],
            "sides": list(labels.items()),
            "down": down,
            "across": across,
            "down_label": labels[down],
            "across_label": labels[across],
            "with_stages": STAGE not in (down, across),
            "pairs": [(labels[one], labels[other], list_query(rows=one, columns=other)) for one, other in PAIRS],
        }
        return render(request, "public/projects/map.html", context)
