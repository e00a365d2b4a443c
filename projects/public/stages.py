"""One of the four stages explained, with the projects that are at it and the public reports from it."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.gather import gather, line
from projects.models import ProgressUpdate, Project, Stage, StageNumber, StageState
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

    def projects(self, number: int, state: str) -> list[Any]:
        """The newest public projects whose stage stands like this, as rows."""
        found = Stage.objects.filter(number=number, state=state).values("project")
        rows = with_standing(Project.objects.visible_to(self.person).filter(pk__in=found)).order_by("-pk")
        return rows_of(list(rows[:EXAMPLES]))

    def counted(self, number: int) -> dict[str, int]:
        """How many public projects stand at which state of this stage."""
        stages = Stage.objects.visible_to(self.person).filter(number=number)
        states: QuerySet[Any] = stages.order_by().values("state").annotate(n=Count("pk"))
        return {
            row.key: row.place for row in gather(line(states, "states", demo=None, key="state", place="n"))["states"]
        }

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """The page; 404 for a number that is no stage."""
        if number not in StageNumber.values:
            raise Http404
        states = (
            (StageState.IN_PROGRESS, _("Projects at this stage now")),
            (StageState.DONE, _("Projects that have done it")),
        )
        counts = self.counted(number)
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
            "lists": [(heading, counts.get(state, 0), self.projects(number, state)) for state, heading in states],
            "updates": updates.order_by("-happened_on", "-created_at", "pk")[:REPORTS],
        }
        return render(request, "public/stages/detail.html", context)
