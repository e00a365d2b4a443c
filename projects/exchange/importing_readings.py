"""Numbers brought in: what documents give for the day of an approved report."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from govlab.finding import fold
from projects.exchange.columns import Column, of
from projects.exchange.importing_headings import as_written
from projects.exchange.importing_kinds import Intake, Values, told
from projects.exchange.reading_headings import heading_of
from projects.exchange.reading_values import same
from projects.models import Indicator, Meeting, ProgressUpdate, Reading, UpdateState
from projects.rules import readings


def _bounds() -> dict[str, str]:
    """The columns of an indicator that its chart's list has as rows, by what these rows are called."""
    found: dict[str, str] = {}
    for language in ("th", "en"):
        with override(language):
            found |= {heading_of(_("Baseline")): "baseline", heading_of(_("Target")): "target"}
    return found


class Readings(Intake):
    """Numbers that documents give for the day of an approved report."""

    table, model = "readings", Reading

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """Whose indicator, the day, the number."""
        columns = (
            of(
                Indicator,
                "project",
                value=lambda row: row.indicator.project.code,
                label=gettext_lazy("Project"),
                needed=True,
            ),
            Column(
                "indicator",
                gettext_lazy("Indicator"),
                "text",
                lambda row: row.indicator.name_th,
                about=gettext_lazy("Its name in Thai, as the portal has it."),
                needed=True,
            ),
            of(
                ProgressUpdate,
                "happened_on",
                value=lambda row: row.update.happened_on,
                label=gettext_lazy("Date of the report"),
                about=gettext_lazy("A number belongs to an approved report: the day that it tells of."),
                needed=True,
            ),
            of(Reading, "value", needed=True),
            Column("kind", gettext_lazy("What the number is"), "text", lambda row: None, offered=False),
        )
        return as_written(cls.table, columns)

    @classmethod
    def rows(cls, person: Any, meeting: Meeting | None = None) -> Iterable[Any]:
        """Every number of an approved report."""
        rows = Reading.objects.visible_to(person).approved().measured()
        return rows.select_related("indicator__project", "update")

    def load(self, lines: list[Values]) -> None:
        """The indicators of the projects that the rows name, and the approved reports of their days."""
        self.bounds = _bounds()
        codes = {line["project"] for line in lines if line.get("project")}
        self.indicators: dict[tuple[str, str], Indicator] = {}
        for row in Indicator.objects.filter(project__code__in=codes).select_related("project"):
            self.indicators[(row.project.code, fold(row.name_th))] = row
            self.indicators[(row.project.code, fold(row.name_en or row.name_th))] = row
            self.indicators[(row.project.code, str(row.pk))] = row  # as the open data names it
        self.updates: dict[tuple[str, date | None], list[ProgressUpdate]] = {}
        approved = ProgressUpdate.objects.filter(project__code__in=codes, state=UpdateState.APPROVED)
        for update in approved.select_related("project").order_by("reviewed_at", "pk"):
            self.updates.setdefault((update.project.code, update.happened_on), []).append(update)
        there = Reading.objects.filter(update__in=approved).select_related("indicator__project", "update")
        self.known = {(row.indicator_id, row.update_id): row for row in there}

    @classmethod
    def with_columns(cls, rows: Any) -> Any:
        """With the indicator, its project, the report."""
        return rows.select_related("indicator__project", "update")

    def find(self, values: Values) -> Reading | Indicator | None:
        """By the indicator and the day. Where a chart's list has the baseline or the target, the indicator as it is."""
        kind = self.bounds.get(heading_of(values.pop("kind", None) or ""))
        if kind and values.get("happened_on") is None:
            return self._bound(kind, values)
        indicator, updates = self._place(values)
        found = next((row for each in updates if (row := self.known.get((indicator.pk, each.pk)))), None)
        if found is None and values.get("value") is None:
            raise told("value", _("Type the number."))
        return found

    def _bound(self, kind: str, values: Values) -> Indicator:
        found = self.indicators.get((str(values.get("project")), fold(str(values.get("indicator")))))
        if found is None or not same(getattr(found, kind), values.get("value")):
            raise told("value", _("Baselines and targets are brought in with the indicators, not with the readings."))
        values["bound"] = kind
        return found

    def _place(self, values: Values) -> tuple[Indicator, list[ProgressUpdate]]:
        code, name, day = values.get("project"), values.get("indicator"), values.get("happened_on")
        for column, sentence in (
            ("project", _("Type the code of the project.")),
            ("indicator", _("Type the name of the indicator.")),
            ("happened_on", _("Type the date of the report.")),
        ):
            if values.get(column) is None:
                raise told(column, sentence)
        indicator = self.indicators.get((str(code), fold(str(name))))
        if indicator is None:
            offered = ", ".join(
                sorted({str(row) for (of_code, _name), row in self.indicators.items() if of_code == code})
            )
            raise told(
                "indicator", _("The project has no such indicator. It has: %(names)s") % {"names": offered or "–"}
            )
        updates = self.updates.get((str(code), day))
        if not updates:
            raise told("happened_on", _("The project has no approved report of this day, and a number belongs to one."))
        return indicator, updates

    def identity(self, values: Values, record: Any) -> Any:
        """The indicator and the day."""
        if record:
            return type(record), record.pk, values.get("bound")
        return values["project"], fold(values["indicator"]), values["happened_on"]

    def called(self, values: Values) -> str:
        """The project and the indicator."""
        return f"{values.get('project') or ''} · {values.get('indicator') or ''}"

    def now(self, record: Any) -> Values:
        """Only the number can differ: the rest is how it was found."""
        return {"value": record.value} if isinstance(record, Reading) else {}

    def add(self, values: Values) -> Reading:
        """Writes it down at the report."""
        indicator, updates = self._place(values)
        return readings.enter(updates[0], by=self.by, indicator=indicator, value=values["value"])

    def edit(self, record: Any, changed: Values) -> Reading:
        """What is there stays."""
        return readings.enter(record.update, by=self.by, indicator=record.indicator, value=changed["value"])

    def remove(self, record: Any) -> None:
        """Takes it out."""
        readings.strike(record, by=self.by)
