"""Updates on the desk: the list, one update with all that helps to judge it, and what each sending of it said."""

import uuid
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, staff
from agencies.doors import DeskDoor
from agencies.models import Agency
from govlab.filters import Choice, Filters
from govlab.gather import Line, line, short_name
from govlab.paging import page_of
from projects.desk.waiting import Waiting, days_between
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.forms.comments import DeskCommentForm
from projects.forms.readings import measured
from projects.models import ProgressUpdate, Project, Stage, UpdateState
from projects.rules import stages
from projects.rules.steps import open_steps
from projects.timeline import Life, difference, since_return


class UpdateFilter(Filters):
    """Updates by state, project and agency."""

    state = Choice(label=gettext_lazy("State"), choices=UpdateState.choices)
    project = Choice(label=gettext_lazy("Project"), field_name="project__code")
    agency = Choice(label=gettext_lazy("Agency"), field_name="agency__key")

    def offers(self) -> list[QuerySet[Any]]:
        """The projects and agencies that have an update."""
        seen = self.queryset.order_by()
        reported = Project.objects.filter(pk__in=seen.values("project"))
        return [
            line(reported, "project", key="code", name_th="title_th", name_en="title_en"),
            line(Agency.objects.filter(pk__in=seen.values("agency")), "agency", **short_name()),
        ]

    def label(self, choice: Line) -> str:
        """A project by code and title, an agency by its name."""
        label = super().label(choice)
        return f"{choice.key} {label}" if choice.of == "project" else label


class UpdateList(DeskDoor):
    """Every update that staff may see, the one sent last first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, filtered and in pages."""
        rows = ProgressUpdate.objects.visible_to(self.person).select_related("project", "agency")
        found = UpdateFilter(request.GET, rows.order_by(F("submitted_at").desc(nulls_last=True), "-pk"))
        shown = found.qs.defer("text", "obstacles", "planned")
        if file := take(request, desk_tables.UPDATES, shown, asked=found):
            return file
        page = page_of(request, shown, 50)
        now = timezone.now()
        context = {
            "title": _("Updates"),
            "filter": found,
            "page_obj": page,
            "updates": [waited(update, now) for update in page.object_list],
        }
        return render(request, "desk/updates/list.html", context, status=page.status)


def waited(update: ProgressUpdate, now: Any) -> Waiting:
    """An update with how long it waits for staff; no days where it does not."""
    since = update.waiting_since if update.state == UpdateState.SUBMITTED else None
    return Waiting("update", update, since, days_between(since, now))


class UpdateDoor(DeskDoor):
    """A door about one update."""

    def found(self) -> ProgressUpdate:
        """The update that the address names; other people's drafts are not there."""
        rows = ProgressUpdate.objects.visible_to(self.person)
        rows = rows.annotate(own=Exists(agencies_of(self.person).filter(pk=OuterRef("agency"))))
        beside = ("project", "agency", "author", "opened_by", "due__round__schedule__cohort")
        return get_object_or_404(rows.select_related(*beside), pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The update's page."""
        return reverse("desk:update-detail", kwargs={"pk": self.kwargs["pk"]})

    def crumbs(self, update: ProgressUpdate, title: Any) -> list[tuple[str, Any]]:
        """The way over the update's page to a door with this title."""
        return [
            (reverse("desk:home"), _("Desk")),
            (reverse("desk:update-list"), _("Updates")),
            (self.own_page(), str(update)),
            ("", title),
        ]


class UpdateDetail(UpdateDoor):
    """One update, with what it will change, what changed since it was returned, and its timeline."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        update = self.found()
        life = Life(update, self.person, agency=getattr(update, "own"))  # noqa: B009  a column of `found`
        steps = life.timeline()
        sent_back = next((step for step in steps if step.verb in ("return", "take_back")), None)
        waiting = update.state == UpdateState.SUBMITTED
        pair = since_return(life.versions()) if waiting and sent_back else None
        stage = Stage.objects.filter(project=update.project_id, number=update.stage_number).first() if waiting else None
        may = open_steps(self.person, update, writes=life.agency)
        evidence = list(update.evidence.all())
        context = {
            "update": update,
            "steps": steps,
            "sent_back": sent_back,
            "pair": pair,
            "since": difference(*pair) if pair else [],
            "new_files": new_files(evidence, pair),
            "evidence": evidence,
            "measured": measured(update, self.person),
            "stage": stage,
            "waiting": waiting,
            "waited": waited(update, timezone.now()),
            "review_days": settings.REVIEW_DAYS,
            "outcome": stages.outcome(update) if stage else None,
            "open": may,
            "approvers": [] if not waiting or "approve" in may else list(staff().filter(pk__in=update.approvers)),
            "comment_form": DeskCommentForm(),
            "form_key": uuid.uuid4().hex,
            "crumbs": [*self.crumbs(update, "")[:2], ("", str(update))],
        }
        return render(request, "desk/updates/detail.html", context)


def new_files(evidence: list[Any], pair: Any) -> list[Any]:
    """The keys of the files that came after the version that was returned."""
    return [file.pk for file in evidence if pair and ("file", file.pk) not in pair[0].lines]


class UpdateVersion(UpdateDoor):
    """What one sending said, and what had changed since the one before."""

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """The page."""
        update = self.found()
        sent = Life(update, self.person).versions()
        if not 1 <= number <= len(sent):
            raise Http404
        version = sent[number - 1]
        title = _("Version %(number)d") % {"number": number}
        context = {
            "update": update,
            "version": version,
            "title": title,
            "lines": version.lines.values(),
            "changed": difference(sent[number - 2], version) if number > 1 else None,
            "before": number - 1,
            "after": number + 1 if number < len(sent) else None,
            "crumbs": self.crumbs(update, title),
        }
        return render(request, "desk/updates/version.html", context)
