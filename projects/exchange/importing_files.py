"""The files around one that staff bring in, each as an answer to be saved: template, the file itself, its report."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone

from govlab import files
from govlab.thai import known_language
from projects.exchange.importing_report import report
from projects.exchange.taking import KINDS, book_answer
from projects.exchange.templates import template
from projects.models import Import, ImportTable

TYPES = {"xlsx": KINDS["xlsx"], "csv": "text/csv"}


def template_file(table: str, person: Any, *, filled: bool) -> HttpResponse:
    """The template of this kind of file, `filled` with the records that are there; raises Http404 for no kind."""
    if table not in ImportTable.values:
        raise Http404
    name = f"govlab-{table}-{timezone.localdate():%Y%m%d}" if filled else f"govlab-{table}"
    return book_answer(template(table, person, filled=filled), f"{name}-{known_language()}.xlsx")


def report_file(thing: Import) -> HttpResponse:
    """Row by row what the file did, as Excel."""
    return book_answer(
        report(thing, thing.rows.order_by("number").iterator(chunk_size=500)), f"govlab-report-{thing.pk}.xlsx"
    )


def brought_file(thing: Import) -> FileResponse:
    """The file as it was brought; raises Http404 where its bytes are gone."""
    return files.send(thing.sha256, thing.name, TYPES[thing.kind])
