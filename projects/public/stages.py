"""One of the four stages explained, with the projects that are at it and the public reports from it."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.gather import gather, line
from projects.models import ProgressUpdate, Project, StageNumber
from projects.models.stages import ALL_DONE
from projects.public.standing import rows_of, with_standing

EXAMPLES, REPORTS = 6, 4  # projects of each kind and reports that a stage's page shows
SHAPES = {1: "opens", 2: "closes", 3: "opens", 4: "closes"}
"""What the diamond does at each stage."""
TOLD: dict[int, dict[str, Any]] = {
    1: {
        "lede": _("Look at the whole service first, before anybody says what is wrong with it."),
        "does": [
            _("Follow the service from its first step to its last, and draw the whole way."),
            _("Gather numbers and complaints, rules, and what others have tried before."),
            _("Find out who has a part in it: who uses it, who gives it, who decides."),
            _("Agree on one challenge that is worth the work."),
        ],
        "leaves": _("A picture of the whole service and one challenge that all agree on."),
    },
    2: {
        "lede": _("Listen to the people behind the numbers until it is clear what they really need."),
        "does": [
            _("Talk with people who use the service, where they use it, and watch how they do it."),
            _("Listen to the officers at the counter too: they know where it gets stuck."),
            _("Put together what was heard and seen, and look for what lies beneath it."),
            _("Say in one sentence whose need is to be met, and why it is not met today."),
        ],
        "leaves": _("A need in one sentence, with the voices of people that show it."),
    },
    3: {
        "lede": _("Think of many answers, build the best ones cheaply, and let people try them."),
        "does": [
            _("Think up many ideas with the people who use and give the service."),
            _("Choose a few and build them from paper, pictures or simple tools."),
            _("Let real users try them, and note what works and what does not."),
            _("Change them and try again, until it does help."),
        ],
        "leaves": _("A prototype that real users have tried, and what was learned from it."),
    },
    4: {
        "lede": _("Decide what goes into real use, and prepare all that it needs to last."),
        "does": [
            _("Decide which answer goes on, and for whom it begins."),
            _("Plan money, people, rules and systems, and who answers for what."),
            _("Say by which indicators it will be seen whether it works."),
            _("Begin in one place, measure, and then widen it."),
        ],
        "leaves": _("A plan and a business model with which the service goes into real use."),
    },
}
"""What each stage is for: what a team does in it, and what it leaves behind."""


class StageDetail(PublicDoor):
    """One stage."""

    def projects(self, standings: list[int]) -> list[Any]:
        """The newest public projects that stand there, as rows."""
        return rows_of(list(with_standing(self.seen.filter(current_stage__in=standings)).order_by("-pk")[:EXAMPLES]))

    def counted(self) -> dict[int | None, int]:
        """How many public projects stand where, by the one rule of `projects.models.stages.current_stage`."""
        standings: QuerySet[Any] = self.seen.order_by().values("current_stage").annotate(n=Count("pk"))
        found = gather(line(standings, "at", demo=None, under="current_stage", place="n"))["at"]
        return {row.under: row.place for row in found}

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """The page; 404 for a number that is no stage."""
        if number not in StageNumber.values:
            raise Http404
        self.seen = Project.objects.visible_to(self.person)
        counts = self.counted()
        updates = (
            ProgressUpdate.objects.visible_to(self.person)
            .filter(stage_number=number)
            .select_related("project", "agency")
        )
        context = {
            "number": number,
            "name": StageNumber(number).label,
            "shape": SHAPES[number],
            "told": TOLD[number],
            "drawn": ["done" if each == number else "not_started" for each in StageNumber.values],
            "stages": [(each, StageNumber(each).label) for each in StageNumber.values],
            "lists": [
                (
                    heading,
                    sum(counts.get(at, 0) for at in standings),
                    self.projects(standings),
                    urlencode({"stage": standings}, doseq=True),
                )
                for heading, standings in (
                    (_("Projects at this stage"), [number]),
                    (_("Projects that have gone further"), [*range(number + 1, ALL_DONE + 1)]),
                )
            ],
            "updates": updates.order_by("-happened_on", "-created_at", "pk")[:REPORTS],
        }
        return render(request, "public/stages/detail.html", context)
