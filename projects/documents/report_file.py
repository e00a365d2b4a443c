"""A report as the answer to a request: Excel with its charts, or Word and PDF for a meeting."""

from django.http import HttpResponse

from govlab.thai import known_language
from projects.documents.answers import handed_out, require_ending
from projects.documents.report import TITLES, report_sheet
from projects.documents.sheets import Digits
from projects.exchange.report_book import report_book
from projects.exchange.reports import Report
from projects.exchange.taking import book_answer


def report_file(report: Report, ending: str, digits: Digits) -> HttpResponse:
    """The report as xlsx, docx or pdf, to be saved; raises Http404 for another ending."""
    name = f"{TITLES[report.kind]} {report.title}"
    if ending == "xlsx":
        return book_answer(report_book(report, str(TITLES[report.kind])), f"{name}.xlsx")
    require_ending(ending)
    return handed_out(report_sheet(report, digits=digits, language=known_language()), name, ending)
