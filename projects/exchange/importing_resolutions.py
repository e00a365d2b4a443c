"""What a meeting resolved brought in, and which agencies it asks to do what by when."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, User
from govlab.finding import fold
from govlab.thai import arabic_digits, has_thai
from projects.exchange.columns import Column, of
from projects.exchange.importing_headings import as_written
from projects.exchange.importing_kinds import Intake, Values, mark_of, told
from projects.exchange.importing_meetings import MeetingNames
from projects.exchange.reading_values import Names, same
from projects.models import AgendaItem, Assignment, Meeting, Resolution
from projects.rules import meetings


def _one(row: Resolution) -> Assignment | None:
    """What a resolution asks, where it asks one thing."""
    asked: Any = row
    return next(iter(asked.assignments.all()), None)


def _asked(row: Resolution) -> tuple[str, ...]:
    """The agencies that a resolution asks, the one that answers first."""
    if (assignment := _one(row)) is None:
        return ()
    return (assignment.agency.key, *sorted(each.key for each in assignment.partners.all()))


LISTED = (
    replace(of(Meeting, "series"), kind="text", label=gettext_lazy("Series")),
    of(Meeting, "starts_on", label=gettext_lazy("Meeting held on")),
    Column("text", gettext_lazy("Resolution"), "text", lambda row: None),
    Column("asked", gettext_lazy("What is asked"), "text", lambda row: None),
    Column("agency", gettext_lazy("Agency"), "code", lambda row: None, names=Agency),
    Column("partners", gettext_lazy("Together with"), "codes", lambda row: None, names=Agency),
)
"""What the lists of the pages have instead: the meeting by series and day, one text, a row for each thing asked."""


def _as_listed(row: Assignment, values: Values, listed: Values) -> bool:
    """Whether a list tells of this assignment, and as it is."""
    partners = tuple(each.key for each in row.partners.all())
    return (
        listed["agency"] == row.agency.key
        and same(listed["partners"] or (), partners)
        and values.get("due_on") == row.due_on
        and any(same(listed["asked"] or "", text) for text in (row.text_th, row.text_en))
    )


class Resolutions(Intake):
    """What a meeting resolved, and which agencies it asks to do what by when."""

    reads_history = True  # agencies are told what has changed for them
    table, model, ordered = "resolutions", Resolution, frozenset({"agencies"})
    marked = ("assignments",)

    def __init__(self, names: Names, by: User, meeting: Meeting | None = None) -> None:
        self.meetings = MeetingNames()
        super().__init__(names, by, meeting)

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The agenda item, the number, the text, the agencies asked, the day; besides, what lists have instead."""
        due = of(Assignment, "due_on", value=lambda row: getattr(_one(row), "due_on", None))
        columns = (
            of(
                Resolution,
                "meeting",
                kind="text",  # read when the series and the day beside it are known
                label=gettext_lazy("Meeting"),
                needed=False,
                about=gettext_lazy("May be left out where you choose the meeting above."),
            ),
            Column(
                "item",
                gettext_lazy("Agenda number"),
                "text",
                lambda row: row.item.number,
                needed=True,
                about=gettext_lazy("Of the agenda item, such as 3 or 3.1."),
            ),
            Column(
                "number",
                gettext_lazy("Resolution number"),
                "text",
                lambda row: row.number,
                about=gettext_lazy("Such as 3.1.1. Leave it empty for a new one: it follows from its place."),
            ),
            of(Resolution, "text_th"),
            of(Resolution, "text_en"),
            Column(
                "agencies",
                gettext_lazy("Agencies asked"),
                "codes",
                _asked,
                names=Agency,
                about=gettext_lazy("The one that answers first, the others behind a semicolon."),
            ),
            due,
        )
        return as_written(cls.table, (*columns, *(replace(each, offered=False) for each in LISTED)))

    @classmethod
    def with_columns(cls, rows: Any) -> Any:
        """With the meeting, the item, what it asks."""
        return rows.select_related("meeting", "item").prefetch_related("assignments__agency", "assignments__partners")

    @classmethod
    def rows(cls, person: Any, meeting: Meeting | None = None) -> Iterable[Any]:
        """Those of the meeting, or of all."""
        rows = Resolution.objects.visible_to(person)
        return cls.with_columns(
            rows.filter(meeting=meeting).order_by("item__position", "position", "pk")
            if meeting
            else rows.order_by("meeting__starts_on", "meeting__key", "item__position", "position", "pk")
        )

    def load(self, lines: list[Values]) -> None:
        """The agenda and the resolutions of the meetings that the rows name."""
        keys = {key for line in lines if (key := self.meetings.only(line))}
        keys |= {self.meeting.key} if self.meeting else set()
        items = AgendaItem.objects.filter(meeting__key__in=keys).select_related("meeting")
        self.items = {(item.meeting.key, str(item.pk)): item for item in items}  # as the open data names them
        self.items |= {(item.meeting.key, item.number): item for item in items}
        rows = list(self.with_columns(Resolution.objects.filter(meeting__key__in=keys)))
        self.known = {(row.meeting.key, row.number): row for row in rows}
        self.texts = {(row.item_id, fold(row.text_th)): row for row in rows}
        whole = Assignment.objects.filter(meeting__key__in=keys, resolution=None)
        self.whole: dict[str, list[Assignment]] = {}
        for asked in whole.select_related("meeting", "agency").prefetch_related("partners"):
            self.whole.setdefault(asked.meeting.key, []).append(asked)

    def _item(self, values: Values) -> AgendaItem:
        key = values["meeting"]
        number = arabic_digits(values.get("item") or "").strip(" .")
        item = self.items.get((key, number))
        if item is None and not number:
            raise told("item", _("Type the agenda number: a new resolution stands under an item of the agenda."))
        if item is None:
            raise told("item", _("The agenda of this meeting has no number %(number)s.") % {"number": number})
        values["item"] = item.number
        return item

    def find(self, values: Values) -> Any:
        """By its number; without one by its text under the agenda item. What a whole meeting asks is found as it is."""
        values["meeting"] = self._meeting(values)
        listed = {column.name: values.pop(column.name, None) for column in LISTED}
        number = arabic_digits(values.pop("number", None) or "").strip(" .")
        if listed["asked"] and not (number or values.get("item") or values.get("text_th") or listed["text"]):
            return self._as_a_whole(values, listed)
        typed = values.get("item")
        found = self.known.get((values["meeting"], number)) if number else None
        item = self._item(values) if typed or found is None else None
        if found and typed == str(found.item_id):
            values["item"] = found.item.number
        if number and found is None:
            values["wanted"] = number
        if (text := listed["text"]) and not (found and any(same(text, own) for own in (found.text_th, found.text_en))):
            values.setdefault("text_th" if has_thai(text) else "text_en", text)
        if item and not number:
            found = self.texts.get((item.pk, fold(values.get("text_th") or "")))
        self._take_asked(found, values, listed)
        return found

    def _meeting(self, values: Values) -> str:
        if not values.get("meeting"):
            if self.meeting is None:
                raise told("meeting", _("Say which meeting it is: choose it above, or in a column."))
            return self.meeting.key
        try:
            return self.meetings.find(values)
        except ValidationError as error:
            raise told("meeting", error.messages[0]) from error

    def _take_asked(self, found: Any, values: Values, listed: Values) -> None:
        """What a list tells of one thing asked, as the columns have it; of several it can only be as it is."""
        if not (listed["agency"] or listed["asked"]):
            return
        there = list(found.assignments.all()) if found else []
        if len(there) > 1:
            values["one_of"] = next((row.pk for row in there if _as_listed(row, values, listed)), None)
            if values["one_of"] is None:
                sentence = _("This resolution asks several things. Change them on the page of the meeting.")
                raise told("agency", sentence)
            values.pop("due_on", None)
            return
        if listed["agency"]:
            values["agencies"] = (listed["agency"], *(listed["partners"] or ()))
        own = there[0] if there else found
        texts = (own.text_th, own.text_en) if own else (values.get("text_th"), values.get("text_en"))
        if listed["asked"] and not any(same(listed["asked"], text) for text in texts):
            raise told("asked", _("What is asked is worded on the page of the meeting. Change it there."))

    def _as_a_whole(self, values: Values, listed: Values) -> Assignment:
        for row in self.whole.get(values["meeting"], ()):
            if _as_listed(row, values, listed):
                return row
        sentence = _("The meeting as a whole asks this, not a resolution. Change it on the page of the meeting.")
        raise told("asked", sentence)

    def identity(self, values: Values, record: Any) -> Any:
        """The resolution with the one thing of several that the row tells, or the agenda item and the text."""
        if record:
            return type(record), record.pk, values.get("one_of")
        return values["meeting"], values["item"], fold(values.get("text_th") or "")

    def called(self, values: Values) -> str:
        """Its text."""
        return str(values.get("text_th") or "")

    def now(self, record: Any) -> Values:
        """What can change; its number follows from its place. What a whole meeting asks does not change here."""
        if isinstance(record, Assignment):
            return {}
        kept = {"number", *(column.name for column in LISTED)}
        return {column.name: column.value(record) for column in self.compared if column.name not in kept}

    def add(self, values: Values) -> Resolution:
        """Adds it under its item, and what it asks."""
        item = self._item(values)
        own = {name: values[name] for name in ("text_th", "text_en") if values.get(name)}
        asked = self._agencies(values)
        row = meetings.add_part(Resolution, by=self.by, meeting=item.meeting, item=item, concerns=asked, **own)
        if (wanted := values.get("wanted")) and row.number != wanted:
            sentence = _("The next number here is %(number)s. Type that, or leave the cell empty.")
            raise told("number", sentence % {"number": row.number})
        if asked:
            self._ask(row, asked, values)
        elif values.get("due_on"):
            raise told("agencies", _("Say which agency is asked: a due date belongs to one."))
        return row

    def _agencies(self, values: Values) -> list[Agency]:
        return [self.names.record(Agency, code) for code in values.get("agencies") or ()]

    def _ask(self, row: Resolution, asked: list[Agency], values: Values) -> None:
        answers: Values = {"agency": asked[0], "partners": asked[1:], "due_on": values.get("due_on")}
        texts: Values = {"text_th": row.text_th, "text_en": row.text_en}
        meetings.add_part(Assignment, by=self.by, meeting=row.meeting, resolution=row, **answers, **texts)

    def edit(self, record: Any, changed: Values) -> Resolution:
        """Changes its text, and what it asks of one agency and its partners."""
        if {"meeting", "item"} & {*changed}:
            raise told("item", _("A resolution stays under its agenda item. Move it on the page of the meeting."))
        own: Values = {name: value or "" for name, value in changed.items() if name in ("text_th", "text_en")}
        if own:
            meetings.edit_part(record, by=self.by, version=record.version, **own)
        if not {"agencies", "due_on"} & {*changed}:
            return record
        asked = list(record.assignments.all())
        if len(asked) > 1:
            raise told("agencies", _("This resolution asks several things. Change them on the page of the meeting."))
        values = {**self.now(record), **changed}
        agencies = self._agencies(values)
        if not asked and agencies:
            self._ask(record, agencies, values)
        elif asked and not agencies:
            meetings.remove_part(asked[0], by=self.by)
        elif asked:
            answers = {"agency": agencies[0], "partners": agencies[1:], "due_on": values["due_on"]}
            meetings.edit_part(asked[0], by=self.by, version=asked[0].version, **answers)
        else:
            raise told("agencies", _("Say which agency is asked: a due date belongs to one."))
        return record

    def remove(self, record: Any) -> None:
        """Takes it out with what it asks."""
        meetings.remove_part(record, by=self.by, along=record.assignments.count())

    def marks(self, record: Any) -> dict[str, int]:
        """The resolution and what it asks."""
        asked = () if isinstance(record, Assignment) else record.assignments.all()
        return {mark_of(row): row.version for row in (record, *asked)}
