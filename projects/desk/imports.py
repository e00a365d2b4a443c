"""Excel and CSV files on the desk: templates, bring a file in, see what it would do, apply it, take it back."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleButton, RuleConfirm, RuleForm
from govlab.paging import page_of
from govlab.thai import known_language
from projects.exchange import importing_work, progress, reading
from projects.exchange.importing import columns_of
from projects.exchange.importing_files import brought_file, report_file, template_file
from projects.exchange.importing_report import Called, lines_of
from projects.models import Import, ImportTable, Meeting, RowKind
from projects.rules import imports

PAGE = 50
AGAIN = 2
"""Seconds after which the page of a file that is under way looks again, without a script."""


class ImportForm(forms.Form):
    """Which kind of table, and the file."""

    table = forms.ChoiceField(label=_("What the file holds"), choices=ImportTable.choices, widget=forms.RadioSelect)
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=_("Meeting"),
        required=False,
        help_text=_("Only for resolutions, where the file has no column that names the meeting."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("An Excel workbook (.xlsx) or a CSV file, at most 20 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meeting"]
        field.queryset = meetings

    def clean(self) -> dict[str, Any]:
        """Looks the file over; what is let in is kept."""
        cleaned: dict[str, Any] = super().clean() or {}
        if upload := cleaned.pop("file", None):
            try:
                cleaned["file"] = reading.take(upload)
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned


class ImportList(DeskDoor):
    """The templates, and every file that was brought in, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, in pages."""
        rows = Import.objects.visible_to(self.person).select_related("made_by").order_by("-created_at", "pk")
        page = page_of(request, rows, PAGE)
        context = {
            "title": _("Bring in Excel"),
            "tables": ImportTable.choices,
            "page_obj": page,
            "imports": page.object_list,
        }
        return render(request, "desk/imports/list.html", context, status=page.status)


class ImportTemplate(DeskDoor):
    """A template of one kind of file; `?filled=1` with the records that are there."""

    def get(self, request: HttpRequest, table: str) -> HttpResponse:
        """The workbook."""
        return template_file(table, self.person, filled=request.GET.get("filled") == "1")


class ImportAdd(DeskDoor, RuleForm):
    """Brings a file in."""

    form_class = ImportForm
    template_name = "desk/form.html"
    title = _("Bring a file in")
    button = _("Show what it would do")

    def form_kwargs(self) -> dict[str, Any]:
        """The meetings to choose from, the newest first; the kind that the address names."""
        table = self.request.GET.get("table", "")
        meetings = Meeting.objects.visible_to(self.person).order_by("-starts_on", "pk")
        return {"meetings": meetings, "initial": {"table": table if table in ImportTable.values else None}}

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:import-list")
        return {"back": back, "crumbs": [(back, _("Bring in Excel")), ("", self.title)]}

    def rule(self, **answers: Any) -> Import:
        """Keeps it; the worker reads it."""
        return imports.add(by=self.person, language=known_language(get_language()), **answers)

    def next_page(self, result: Import) -> str:
        """Its page."""
        return reverse("desk:import-detail", args=[result.pk])


class ImportDoor(DeskDoor):
    """A door about one file."""

    def found(self) -> Import:
        """The file that the address names."""
        rows = Import.objects.visible_to(self.person).select_related("made_by", "applied_by", "meeting")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """Its page."""
        return reverse("desk:import-detail", args=[self.kwargs["pk"]])

    def next_page(self, result: Any) -> str:
        """Back to the page."""
        return self.own_page()

    def back_page(self) -> str:
        """The page."""
        return self.own_page()

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the list over the page."""
        return [(reverse("desk:import-list"), _("Bring in Excel")), (self.own_page(), self.found().name), ("", title)]


class ImportDetail(ImportDoor):
    """One file: how far it is, and row by row what it does."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The page; while the worker is at it, it looks again by itself."""
        thing = self.found()
        rows = thing.rows.all()
        kind = request.GET.get("kind", "")
        if kind in RowKind.values:
            rows = rows.filter(kind=kind)
        columns = columns_of(thing.table)
        page = page_of(request, rows, PAGE)
        called = Called(page, columns)
        context = {
            "thing": thing,
            "steps": imports.open_steps(self.person, thing),
            "progress": progress.of(thing.pk),
            "silent": thing.under_way and progress.silent(thing.pk, thing.updated_at, timezone.now()),
            "kind": kind,
            "kinds": [(key, label, thing.counts.get(key, 0)) for key, label in RowKind.choices],
            "whole": sum(thing.counts.values()),
            "page_obj": page,
            "rows": [(row, lines_of(row, columns, called)) for row in page],
            "form_key": uuid.uuid4().hex,
            "crumbs": [(reverse("desk:import-list"), _("Bring in Excel")), ("", thing.name)],
        }
        response = render(request, "desk/imports/detail.html", context, status=page.status)
        if thing.under_way:
            response.headers["Refresh"] = str(AGAIN)
        return response


class ImportReport(ImportDoor):
    """The report as an Excel file."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The workbook."""
        return report_file(self.found())


class ImportFile(ImportDoor):
    """The file as it was brought."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
        """Its bytes."""
        return brought_file(self.found())


class ImportApply(ImportDoor, RuleButton):
    """Has the worker write what the preview says."""

    def rule(self, **answers: Any) -> Import:
        """Asks for it, as the page showed it."""
        return imports.apply(self.found(), by=self.person, version=self.version())


class ImportStop(ImportDoor, RuleButton):
    """Gives the file up."""

    done_message = _("Stopped. Nothing of the file was written.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tells the worker beside the database, whose row it holds while it applies; then notes it there."""
        importing_work.call_off(self.found())
        return super().post(request, *args, **kwargs)

    def rule(self, **answers: Any) -> Import:
        """Stops it."""
        return importing_work.stop(self.found(), by=self.person)


class ImportTakeBack(ImportDoor, RuleConfirm):
    """Has the worker put back everything that the file changed."""

    template_name = "desk/confirm.html"
    title = _("Take this file back?")
    done_message = _("The file is being taken back.")

    def context(self) -> dict[str, Any]:
        """What will happen."""
        thing = self.found()
        return {
            "title": self.title,
            "what": thing.name,
            "intro": _(
                "What it added is removed, what it changed is put back as it was. "
                "If somebody has changed any of it since, nothing happens and you see what it is."
            ),
            "button": _("Take it back"),
            "back": self.own_page(),
            "crumbs": self.crumbs(self.title),
            "form_key": uuid.uuid4().hex,
        }

    def rule(self, **answers: Any) -> Import:
        """Asks for it."""
        return imports.undo(self.found(), by=self.person)
