"""A report as an Excel file: a summary with its charts, the projects, what changed, what was measured and asked."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.series import SeriesLabel

from govlab.thai import format_date
from projects.exchange.books import Book
from projects.exchange.columns import Column
from projects.exchange.reports import Report
from projects.models import StageNumber, StageState


class Row(NamedTuple):
    """A row of the summary."""

    group: str
    what: str
    now: Any
    before: Any


def _read(name: str, label: Any, kind: str = "text", value: Callable[[Any], Any] | None = None) -> Column:
    return Column(name, label, kind, value or (lambda row: getattr(row, name)))


def _stage(number: int) -> Column:
    label = f"{number}. {StageNumber(number).label}"
    return Column(f"stage{number}", label, "text", lambda row: str(StageState(row.states[number - 1]).label))


CODE, TITLE = _read("code", _("Project")), _read("title", _("Title"))
VISIBILITY = _read("visibility", _("Visibility"))
SUMMARY = (
    _read("group", _("Group")),
    _read("what", _("What is counted")),
    _read("now", _("Now"), "whole"),
    _read("before", _("Round before"), "whole"),
)
CHANGES = (
    _read("group", _("Group"), value=lambda row: row[0]),
    _read("code", _("Project"), value=lambda row: row[1].code),
    _read("title", _("Title"), value=lambda row: row[1].title),
    _read("visibility", _("Visibility"), value=lambda row: row[1].visibility),
    _read("what", _("What is different"), value=lambda row: row[1].what),
    _read("before", _("Round before"), value=lambda row: row[1].before),
    _read("now", _("Now"), value=lambda row: row[1].now),
)
READINGS = (
    CODE,
    _read("name", _("Indicator")),
    _read("unit", _("Unit")),
    *(
        _read(name, label, "decimal")
        for name, label in (("baseline", _("Baseline")), ("before", _("Round before")), ("now", _("Now")))
    ),
    _read("on", _("Date"), "date"),
    _read("target", _("Target"), "decimal"),
)
TASKS = (
    _read("text", _("What is asked")),
    _read("meeting", _("Meeting")),
    _read("due_on", _("Due"), "date"),
    _read("state", _("State")),
    _read("days_late", _("Days late"), "whole"),
)


def report_book(report: Report, title: str) -> Book:
    """The file, in the active language."""
    book, summary, charts = Book(), [*_head(report, title)], []
    for heading, counts in ((gettext("Stages reached"), report.stages), (gettext("Reports"), report.answered)):
        charts.append((heading, len(summary) + 2, len(counts)))
        summary += [Row(heading, each.label, each.now, each.before) for each in counts]
    book.sheet(gettext("Summary"), SUMMARY, summary)
    _draw(book.book.worksheets[-1], charts, compared=bool(report.since))
    projects = (
        CODE,
        TITLE,
        VISIBILITY,
        _read("agencies", _("Agency")),
        *map(_stage, StageNumber.values),
        _read("standing", _("Standing")),
        _read("days_late", _("Days late"), "whole"),
        _read("answered_label", _("Report")),
        _read("update", _("Last approved update")),
        _read("happened_on", _("Date"), "date"),
    )
    book.sheet(gettext("Projects"), projects, report.lines)
    book.sheet(gettext("Readings"), READINGS, report.measures)
    if report.since:
        groups = (
            (gettext("Projects that moved"), report.moved),
            (gettext("Projects that became late"), report.became_late),
            (gettext("Projects that newly did not report"), report.newly_missing),
        )
        book.sheet(gettext("What changed"), CHANGES, [(name, each) for name, changes in groups for each in changes])
    if report.tasks:
        book.sheet(gettext("Assignments"), TASKS, report.tasks)
    return book


def _head(report: Report, title: str) -> list[Row]:
    told = [
        Row(title, report.title, None, None),
        Row(gettext("As of"), format_date(report.on, "long"), None, None),
        Row(gettext("Compared with"), report.since or gettext("Nothing yet"), None, None),
    ]
    if report.demo:
        told.append(Row(gettext("Demonstration data"), gettext("Invented, to try the portal out."), None, None))
    return [
        *told,
        Row(gettext("In all"), gettext("Projects"), len(report.lines), None),
        Row(gettext("In all"), gettext("Projects with a stage that is overdue"), report.late, None),
    ]


def _draw(sheet: Any, charts: list[tuple[str, int, int]], *, compared: bool) -> None:
    """The charts beside the numbers that they draw; each is named with its first row and how many it has."""
    for place, (heading, first, rows) in enumerate(charts):
        chart = BarChart()
        chart.type, chart.title, chart.style = "bar", heading, 10
        chart.height, chart.width = 8, 17
        chart.y_axis.number_format, chart.y_axis.majorGridlines = "0", None
        chart.y_axis.delete = chart.x_axis.delete = False
        chart.x_axis.scaling.orientation = "maxMin"
        for column in (3, 4) if compared else (3,):
            series = Series(Reference(sheet, min_col=column, min_row=first, max_row=first + rows - 1))
            # Without its name the legend says "Column C".
            series.tx = SeriesLabel(StrRef(str(Reference(sheet, min_col=column, min_row=1))))
            chart.series.append(series)
        for series, colour in zip(chart.series, ("4453C4", "B9BDCC"), strict=False):
            series.graphicalProperties.solidFill = colour
        chart.set_categories(Reference(sheet, min_col=2, min_row=first, max_row=first + rows - 1))
        if not compared:
            chart.legend = None
        sheet.add_chart(chart, f"F{2 + place * 17}")
