"""A report of `projects.exchange.reports` as a document for a meeting: head, charts, what changed, tables."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from govlab.thai import format_date
from projects.documents.sheets import (
    Bar,
    Bars,
    Block,
    Digits,
    Heading,
    Paragraph,
    Scale,
    Scales,
    Sheet,
    Sign,
    Signs,
    Table,
)
from projects.exchange.reports import MISSING, Change, Count, Line, Measure, Report
from projects.models import StageState
from projects.models.indicators import number_text

TITLES: dict[str, Any] = {
    "round": gettext_lazy("Report on a round of reporting"),
    "cohort": gettext_lazy("Report on a cohort"),
    "agency": gettext_lazy("Report on an agency"),
}
SIGNS = 24
"""Projects in one picture of diamonds, so that it fits on what is left of a page."""
SCALES = 12
NOTHING = "–"


def report_sheet(report: Report, *, digits: Digits = "arabic", language: str = "th") -> Sheet:
    """The document, in the language."""
    with override(language):
        title = str(TITLES[report.kind])
        as_of = _("As of %(day)s") % {"day": format_date(report.on, "long")}
        since = _("Compared with: %(round)s") % {"round": report.since} if report.since else ""
        demo = _("Demonstration data") if report.demo else ""
        parts = [*_stages(report), *_reported(report), *_changed(report), *_measured(report), *_projects(report)]
        return Sheet(
            title=f"{title} {report.title}",
            day=report.on,
            lines=tuple(filter(None, (title, report.title, as_of, since, demo))),
            blocks=(*_summary(report), *parts, *_tasks(report)),
            language="en" if language == "en" else "th",
            digits=digits,
        )


def _summary(report: Report) -> Iterator[Block]:
    n, late = len(report.lines), report.late
    told = ngettext("%(n)d project", "%(n)d projects", n) % {"n": n}
    behind = ngettext("%(n)d has a stage that is overdue", "%(n)d have a stage that is overdue", late) % {"n": late}
    yield Paragraph(f"{told} · {behind}", "body", _("In all"))


# --- charts ----------------------------------------------------------------------------------------------------------
def _bars(title: str, counts: Iterable[Count], since: str) -> Bars:
    rows = tuple(Bar(each.label, each.now, each.before, _said(each)) for each in counts)
    told = "; ".join(f"{row.label}: {row.said}" for row in rows)
    return Bars(f"{title}. {told}", rows, _("Now"), since)


def _said(count: Count) -> str:
    if count.before is None:
        return str(count.now)
    return _("%(now)d (before: %(before)d)") % {"now": count.now, "before": count.before}


def _titled(one: Line | Change) -> str:
    """The project's title; what the public does not see says so."""
    return f"{one.title} ({one.mark})" if one.mark else one.title


def _pieces(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def _stages(report: Report) -> Iterator[Block]:
    title = _("Stages reached")
    yield Heading(title)
    yield _bars(title, report.stages, report.since)
    legend = tuple((state, str(StageState(state).label)) for state in StageState.values)
    for some in _pieces(report.lines, SIGNS):
        rows = tuple(Sign(line.code, line.states, _titled(line)) for line in some)
        told = [_("The four stages of every project"), *(f"{line.code}: {line.standing}" for line in some)]
        yield Signs("; ".join(told), rows, legend)


def _reported(report: Report) -> Iterator[Block]:
    title = _("Who reported in time")
    yield Heading(title)
    yield _bars(title, report.answered, report.since)
    missing = [line for line in report.lines if line.answered == MISSING]
    if missing:
        yield Paragraph("", "body", _("Overdue, not reported"))
        rows = tuple((line.code, _titled(line), line.agencies or NOTHING) for line in missing)
        yield Table((_("Project"), _("Title"), _("Agency")), rows, (3, 8, 5))


# --- what changed, what was measured ---------------------------------------------------------------------------------
def _changed(report: Report) -> Iterator[Block]:
    if not report.since:
        return
    yield Heading(_("What changed since the round before"))
    for title, changes in (
        (_("Projects that moved"), report.moved),
        (_("Projects that became late"), report.became_late),
        (_("Projects that newly did not report"), report.newly_missing),
    ):
        yield Paragraph("" if changes else _("No project"), "body", title)
        if changes:
            head = (_("Project"), _("What is different"), _("Round before"), _("Now"))
            yield Table(head, tuple(map(_change, changes)), (6, 4, 3, 3))


def _change(change: Change) -> tuple[str, ...]:
    return (f"{change.code} {_titled(change)}", change.what, change.before, change.now)


def _measured(report: Report) -> Iterator[Block]:
    if not report.measures:
        return
    yield Heading(_("Indicators"))
    drawn = [scale for scale in map(_scale, report.measures) if scale]
    for some in _pieces(drawn, SCALES):
        told = [_("Indicators"), *(f"{scale.label}: {scale.said}" for scale in some)]
        yield Scales("; ".join(told), tuple(some), _("Baseline"), _("Now"), _("Target"))
    since = bool(report.since)
    before = (_("Round before"),) if since else ()
    head = (f"{_('Indicator')} ({_('Unit')})", _("Baseline"), *before, _("Now"), _("Target"))
    rows = tuple(_measure(each, since=since) for each in report.measures)
    yield Table(head, rows, (12, 5, 5, 5, 5) if since else (17, 5, 5, 5))


def _number(value: Decimal | None) -> str:
    return number_text(value) or NOTHING


def _scale(measure: Measure) -> Scale | None:
    """Where the three numbers lie between the lowest and the highest; None where there are not two to compare."""
    values = (measure.baseline, measure.now, measure.target)
    known = [value for value in values if value is not None]
    if measure.now is None or len(known) < 2:
        return None
    low, high = min(known), max(known)
    places = [None if v is None else float((v - low) / (high - low)) if high > low else 0.5 for v in values]
    said = f"{_number(measure.baseline)} → {_number(measure.now)} / {_number(measure.target)} {measure.unit}"
    began, stands, aims = places
    return Scale(f"{measure.code} {measure.name}", began, stands, aims, said)


def _measure(measure: Measure, *, since: bool) -> tuple[str, ...]:
    before = (measure.before,) if since else ()
    numbers = (measure.baseline, *before, measure.now, measure.target)
    unit = f" ({measure.unit})" if measure.unit else ""
    return (f"{measure.code} {measure.name}{unit}", *map(_number, numbers))


# --- the tables at the end -------------------------------------------------------------------------------------------
def _projects(report: Report) -> Iterator[Block]:
    yield Heading(_("Project by project"))
    if not report.lines:
        yield Paragraph(_("No project yet"), "body")
        return
    head = (f"{_('Project')}\n{_('Agency')}", _("Standing"), _("Report"), _("Last approved update"))
    yield Table(head, tuple(map(_project, report.lines)), (29, 17, 16, 18))


def _project(line: Line) -> tuple[str, ...]:
    late = ngettext("%(n)d day late", "%(n)d days late", line.days_late) % {"n": line.days_late}
    update = f"{line.update} ({format_date(line.happened_on)})" if line.happened_on else line.update
    return (
        f"{line.code} {_titled(line)}\n{line.agencies or NOTHING}",
        f"{line.standing}\n{late}" if line.days_late else line.standing,
        line.answered_label,
        update or NOTHING,
    )


def _tasks(report: Report) -> Iterator[Block]:
    if not report.tasks:
        return
    yield Heading(_("What meetings ask of the agency"))
    head = (_("What is asked"), _("Meeting"), _("Due"), _("State"))
    rows = tuple(
        (task.text, task.meeting, format_date(task.due_on) if task.due_on else NOTHING, task.state)
        for task in report.tasks
    )
    yield Table(head, rows, (7, 3, 3, 3))
