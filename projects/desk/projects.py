"""Projects on the desk: the table of all with their stages, one project with its parts, add, edit, publish, hide."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import F, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.models import Source
from govlab.doors import RuleForm
from govlab.gather import gather, line
from govlab.history import renamed
from govlab.paging import page_of
from govlab.templatetags.thai import year
from govlab.thai import arabic_digits, pick, sort_key
from projects.charts import charts_of
from projects.desk.home import SILENT_AFTER, tab_counts
from projects.desk.pages import PageDoor, PageForm
from projects.desk.publishing import Hide, Publish
from projects.exchange import desk_tables
from projects.exchange.lists import PROJECT_LIST, take_readings
from projects.exchange.taking import in_pieces, take
from projects.filters import TableFilter
from projects.models import (
    Cohort,
    Facet,
    InnovationType,
    Lab,
    ProgressUpdate,
    Project,
    ServiceField,
    Stage,
    StageNumber,
)
from projects.models.projects import STORY
from projects.models.provinces import PROVINCES
from projects.models.stages import ALL_DONE
from projects.rules import projects, publishing


@dataclass(frozen=True)
class Row:
    """One project in the table: its four stages, each with the days it is late, and its last update."""

    project: Project
    cells: list[tuple[Stage, int]]
    update: ProgressUpdate | None
    silent: int

    @property
    def demo(self) -> bool:
        """Whether anything in the row is demonstration data."""
        return any(each.demo for each in (self.project, self.update, *(stage for stage, _late in self.cells)) if each)


def silent_days(project: Project, update: ProgressUpdate | None, today: date) -> int:
    """How long nothing was reported on a project that is under way; 0 when it is done, or not silent for long."""
    if update is None or update.submitted_at is None or project.current_stage == ALL_DONE:
        return 0
    days = (today - timezone.localdate(update.submitted_at)).days
    return days if days > SILENT_AFTER else 0


def table(rows: list[Any], today: date) -> list[Row]:
    """The rows of the table; `rows` are projects with prefetched stages and `last_update`, a number."""
    last = ProgressUpdate.objects.defer("text", "obstacles").in_bulk({row.last_update for row in rows} - {None})
    found = []
    for row in rows:
        update = last.get(row.last_update)
        cells = [(stage, stage.days_late(today)) for stage in row.stages.all()]
        found.append(Row(row, cells, update, silent_days(row, update, today)))
    return found


class ProjectList(DeskDoor):
    """Every project as one table: rows are projects, columns the four stages."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The table, filtered and in pages."""
        today = timezone.localdate()
        sent = ProgressUpdate.objects.exclude(submitted_at=None).filter(project=OuterRef("pk"))
        rows = Project.objects.visible_to(self.person).prefetch_related("stages")
        rows = rows.annotate(last_update=Subquery(sent.order_by("-submitted_at", "-pk").values("pk")[:1]))
        found = TableFilter(request.GET, rows, today=today)
        whole = PROJECT_LIST.read_with(found.qs)
        taken: Any = lambda: (row for some in in_pieces(whole) for row in table(some, today))  # noqa: E731
        if file := take(request, desk_tables.PROJECTS, taken, asked=found):
            return file
        page = page_of(request, found.qs, 50)
        context = {
            "title": _("Project table"),
            **tab_counts(),
            "filter": found,
            "page_obj": page,
            "rows": table(list(page.object_list), today),
            "columns": StageNumber.choices,
        }
        return render(request, "desk/projects/list.html", context, status=page.status)


PARTS = [name.removesuffix("_th") for name in STORY if name.endswith("_th")]
"""The parts of a project's story."""
LISTS: dict[str, Any] = {"field": ServiceField, "types": InnovationType, "labs": Lab, "facets": Facet}


class CodeField(forms.CharField):
    """A project's code, however it was typed: small letters and Thai digits are as good."""

    def to_python(self, value: Any) -> Any:
        """The code as it is kept."""
        return arabic_digits(super().to_python(value) or "").upper()


class ProjectForm(forms.ModelForm):
    """What staff say about a project; what it chooses from is read in one query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"name_th": "name_th", "name_en": "name_en", "sort": "sort_key", "place": "position"}
        lines = [line(model.objects.all(), name, key="pk", **names) for name, model in LISTS.items()]
        titles = {"name_th": "title_th", "name_en": "title_en", "sort": "key"}
        lines.append(line(Source.objects.all(), "sources", key="pk", **titles))
        lines.append(line(Cohort.objects.all(), "cohort", key="pk", place=-F("year")))
        offered = gather(*lines)
        for name in (*LISTS, "sources", "cohort"):
            field: Any = self.fields[name]
            choices = [(each.key, pick(each, "name") or year(-each.place)) for each in offered[name]]
            field.choices = choices if name not in ("field", "cohort") else [("", field.empty_label), *choices]
        place: Any = self.fields["province"]
        place.choices = [("", "---------"), *sorted(PROVINCES, key=lambda each: sort_key(str(each[1])))]

    class Meta:
        model = Project
        field_classes = {"code": CodeField}
        fields = [
            *["code", "cohort", "title_th", "title_en", "field", "province"],
            *["focus_th", "focus_en", "aim_th", "aim_en"],
            *["types", "labs", "facets", "sources"],
        ]
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("focus_th", "focus_en", "aim_th", "aim_en")},
            **dict.fromkeys(("types", "labs", "facets", "sources"), forms.CheckboxSelectMultiple),
        }


class ProjectDoor(PageDoor):
    """A door about one project."""

    def found(self) -> Project:
        """The project that the address names."""
        rows = Project.objects.visible_to(self.person).select_related("cohort", "field")
        return get_object_or_404(rows, code=self.kwargs["code"])

    def own_page(self) -> str:
        """The project's page on the desk."""
        return reverse("desk:project-detail", kwargs={"code": self.kwargs["code"]})

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the table to a page about a part of the project."""
        return [(reverse("desk:project-list"), _("Projects")), (self.own_page(), self.kwargs["code"]), ("", title)]


class ProjectDetail(ProjectDoor):
    """One project with all that belongs to it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The page; an earlier code of a project leads to it."""
        try:
            project = self.found()
        except Http404:
            if (now := renamed(Project.objects.visible_to(self.person), "code", code)) is None:
                raise
            return redirect("desk:project-detail", code=now)
        today = timezone.localdate()
        updates = ProgressUpdate.objects.visible_to(self.person).filter(project=project).select_related("agency")
        parts = list(project.parts.select_related("agency"))
        stages = list(project.stages.all())
        reported = list(updates.defer("text", "obstacles")[:11])
        indicators = charts_of(project, self.person)
        if file := take_readings(request, indicators):
            return file
        context = {
            "project": project,
            "steps": publishing.open_steps(self.person, project),
            "parts": parts,
            "story": [name for name in PARTS if pick(project, name)],
            "story_parts": len(PARTS),
            "stages": [(stage, stage.days_late(today)) for stage in stages],
            "indicators": indicators,
            "updates": reported[:10],
            "more_updates": len(reported) > 10,
            "demo": any(row.demo for row in (project, *parts, *stages, *reported)),
            "crumbs": [(reverse("desk:project-list"), _("Projects")), ("", project.code)],
        }
        return render(request, "desk/projects/detail.html", context)


class ProjectAdd(DeskDoor, RuleForm):
    """A new project, at first a draft."""

    form_class = ProjectForm
    template_name = "desk/form.html"
    title = _("Add a project")
    button = _("Save the project")
    done_message = _("The project is saved as a draft. Add its agencies and dates, then publish it.")

    def context(self) -> dict[str, Any]:
        """The way back to the table."""
        back = reverse("desk:project-list")
        return {"back": back, "crumbs": [(back, _("Projects")), ("", self.title)]}

    def rule(self, **answers: Any) -> Project:
        """Adds it."""
        return projects.add(by=self.person, **answers)

    def next_page(self, result: Project) -> str:
        """The new project."""
        return reverse("desk:project-detail", kwargs={"code": result.code})


class ProjectEdit(ProjectDoor, PageForm):
    """What is written about a project."""

    form_class = ProjectForm
    title = _("Edit the project")
    button = _("Save the project")
    done_message = _("The project is saved.")

    def find(self) -> Project:
        """By its code."""
        return self.found()

    def rule(self, **answers: Any) -> Project:
        """Changes it."""
        return projects.edit(self.thing, by=self.person, **answers)

    def next_page(self, result: Project) -> str:
        """The project, under its code as it is now."""
        return reverse("desk:project-detail", kwargs={"code": result.code})


class ProjectPublish(ProjectDoor, Publish):
    """Shows the project to the public."""


class ProjectHide(ProjectDoor, Hide):
    """Takes the project off the public pages."""
