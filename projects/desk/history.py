"""The history on the desk: the newest changes of every kind, and one record's life field by field."""

from datetime import time
from typing import Any

from django import forms
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.forms.people import PeopleField
from agencies.models import User
from govlab.history import Change, changes
from govlab.paging import page_of
from govlab.thai import format_time
from projects.desk.edits import EDITS
from projects.desk.home import tab_counts
from projects.kinds import KINDS, kind_choices, label_of
from projects.models import Told
from projects.timeline import noted, readable

CAP = 1000
"""How many of the newest changes can be leafed through; what is older is found under its record."""

VERBS = {
    "add": _("Added"),
    "edit": _("Changed"),
    "remove": _("Removed"),
    "discard": _("Discarded"),
    "submit": _("Sent for review"),
    "return": _("Returned"),
    "approve": _("Approved"),
    "settle": _("Moved by an approved update"),
    "publish": _("Made public"),
    "hide": _("Taken off the public pages"),
    "answer": _("Answered"),
    "close": _("Closed"),
    "reopen": _("Reopened"),
    "revoke": _("Taken back"),
    "restore": _("Restored"),
    "begin": _("Begun"),
    "pass_on": _("Passed on to OPDC"),
    "hand_back": _("Handed back by the lead"),
    "withdraw": _("Withdrawn"),
    "open": _("Review begun"),
    "take_back": _("Approval taken back"),
    "comment": _("Commented"),
    "fill": _("Filled in by a link"),
    "put_back": _("An earlier state put back"),
    "waive": _("Waived"),
    "unwaive": _("Waiving taken back"),
    "invite": _("Invitation sent"),
    "call_off": _("Called off"),
    "hold": _("Held"),
    "finish": _("Minutes complete"),
    "adopt": _("Minutes adopted"),
    "move": _("Moved"),
    "show_less": _("Shown less, as the item above"),
    "mark": _("Attendance noted"),
    "give": _("Told to the agencies"),
    "carry_on": _("Brought to the next meeting, or taken off it"),
    "note": _("Noted what the meeting said"),
    "ask_time": _("More time asked for"),
    "more_time": _("More time asked for"),
    "contest": _("Objection made"),
    "accept": _("Answer accepted"),
    "send_back": _("Asked again"),
    "extend": _("More time given"),
    "reassign": _("Given to another agency"),
    "attach": _("File attached"),
    "detach": _("File taken out"),
    "renew_feed": _("Calendar address renewed"),
    "rate": _("Rated"),
    "propose": _("Proposed"),
    "list": _("Taken into the library"),
    "decline": _("Not taken"),
    "show": _("Shown"),
    "unshow": _("Taken off the public pages"),
    "withhold": _("Withheld"),
    "wait": _("Let wait again"),
    "take_out": _("Taken out"),
    "group": _("Voices put into it"),
    "ungroup": _("Voices taken out of it"),
    "enter": _("Entered from a document"),
    "strike": _("Taken out"),
    "previewed": _("Looked at row by row"),
    "apply": _("Application asked for"),
    "applied": _("Applied"),
    "refuse": _("Refused"),
    "stop": _("Stopped"),
    "undo": _("Taking back asked for"),
    "taken_back": _("Taken back as a whole"),
    "keep_it": _("Stays applied"),
    "pause": _("Paused"),
    "pause_failing": _("Paused, as nothing arrived"),
    "resume": _("Goes on"),
    "renew": _("Secret renewed"),
}
BY_VISITORS = {("voice", "answer"), ("rating", "rate"), ("proposal", "propose")}
"""What somebody without an account does; whatever else names nobody the system did."""
TYPES = {"+": VERBS["add"], "~": VERBS["edit"], "-": VERBS["remove"]}


def verb_label(verb: str | None, row_type: str) -> str:
    """What was done, in words; a verb without words of its own by whether a row came, changed or went."""
    return str(VERBS.get(verb or "", TYPES[row_type]))


def nobody(kind: str, verb: str | None) -> str:
    """Who did it, where the history names nobody."""
    return gettext("A visitor") if (kind, verb) in BY_VISITORS else gettext("The system")


def told(field: Any, value: Any, people: dict[int, User] | None = None) -> str:
    """A stored value as people read it, also where a column holds people's numbers or notes on fields."""
    if field.name == "approvers":
        value = [(people or {}).get(number, number) for number in value or []]
    if field.name == "return_notes":
        return "\n".join(f"{label}: {note}" for label, note in noted(value or {}))
    if field.name == "kinds":
        return "\n".join(str(label) for kind, label in Told.choices if kind in (value or []))
    if isinstance(value, time):
        return format_time(value)
    return readable(field, value)


def approvers_in(steps: list[tuple[Any, list[Change]]]) -> dict[int, User]:
    """The people whose numbers stand in a column of numbers."""
    found = [change for _entry, changed in steps for change in changed if change.field.name == "approvers"]
    numbers = {number for change in found for number in [*(change.before or []), *(change.after or [])]}
    return User.objects.in_bulk(numbers) if numbers else {}


def put_back_urls(kind: str, current: Any, steps: list[tuple[Any, list[Change]]], page: int) -> list[str]:
    """Where each step's state can be put back; "" for the newest, and for those since which no form changed a thing."""
    if kind not in EDITS or current is None:
        return [""] * len(steps)
    urls, moved = [], page > 1
    for entry, changed in steps:
        words = {"kind": kind, "pk": current.pk, "entry": entry.pk}
        urls.append(reverse("desk:history-put-back", kwargs=words) if moved else "")
        moved = moved or any(change.field.name in EDITS[kind].fields for change in changed)
    return urls


class HistoryForm(forms.Form):
    """What the list of changes is narrowed to."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=lambda: [("", _("All")), *kind_choices()])
    person = PeopleField()


class Newest:
    """The newest changes of every kind, or of one, by whoever: cut into pages, two queries in all."""

    def __init__(self, person: Any, kind: str = "", people: QuerySet[User] | None = None) -> None:
        parts = []
        for key, each in KINDS.items():
            if kind in ("", key):
                rows = each.entries(person).order_by()
                if people is not None:
                    rows = rows.filter(history_user__in=people)
                parts.append(self._rows(rows, key))
        self.rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]

    @staticmethod
    def _rows(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
        columns = {
            "row_when": F("history_date"),
            "row_kind": Value(key, CharField()),
            "row_record": Cast("id", CharField()),
            "row_name": KINDS[key].name(),
            "row_verb": F("history_change_reason"),
            "row_type": F("history_type"),
            "row_who": F("history_user_id"),
            "row_id": F("history_id"),
        }
        return rows.annotate(**columns).values_list(*columns)

    def count(self) -> int:
        """How many there are, at most CAP."""
        return self.rows[:CAP].count()

    def __getitem__(self, part: slice) -> list[tuple[Any, ...]]:
        return list(self.rows.order_by("-row_when", "-row_id")[part])


class HistoryList(DeskDoor):
    """The newest changes of every kind of record."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, filtered and in pages."""
        form = HistoryForm(request.GET)
        form.is_valid()
        given = form.cleaned_data
        page = page_of(request, Newest(self.person, given.get("kind", ""), given.get("person")), 50)
        people = User.objects.in_bulk({row[6] for row in page.object_list} - {None})
        rows = [
            {
                "when": when,
                "kind": KINDS[kind].label,
                "url": reverse("desk:history-record", kwargs={"kind": kind, "pk": pk}),
                "name": KINDS[kind].shown(name) or pk,
                "verb": verb_label(verb, row_type),
                "who": people.get(who),
                "nobody": nobody(kind, verb),
            }
            for when, kind, pk, name, verb, row_type, who, _row in page.object_list
        ]
        context = {**tab_counts(), "form": form, "page_obj": page, "rows": rows, "cap": CAP}
        return render(request, "desk/history/list.html", context, status=page.status)


class HistoryRecord(DeskDoor):
    """One record's life."""

    def get(self, request: HttpRequest, kind: str, pk: str) -> HttpResponse:
        """Every change, newest first, field by field."""
        if kind not in KINDS:
            raise Http404
        entries = KINDS[kind].of(pk, self.person).select_related("history_user")
        page = page_of(request, entries, 20)
        if not page.paginator.count:
            raise Http404
        held = list(page.object_list)
        older = entries[page.end_index() : page.end_index() + 1] if page.has_next() else []
        current = KINDS[kind].model._base_manager.filter(pk=held[0].id).first() if held else None
        found = changes([*held, *older])[: len(held)]
        people = approvers_in(found)
        steps = [
            {
                "who": entry.history_user,
                "nobody": nobody(kind, entry.history_change_reason),
                "when": entry.history_date,
                "verb": verb_label(entry.history_change_reason, entry.history_type),
                "put_back": url,
                "changes": [
                    {
                        "label": label_of(each.field),
                        "before": told(each.field, each.before, people),
                        "after": told(each.field, each.after, people),
                    }
                    for each in changed
                    if each.field.name not in KINDS[kind].unshown
                ],
            }
            for (entry, changed), url in zip(found, put_back_urls(kind, current, found, page.number), strict=True)
        ]
        # What the agency took back and writes anew is its own: then by the newest state that staff may see.
        shown = current if current and KINDS[kind].shows(current, self.person) else None
        title = str(shown or (held[0].instance if current else held[0] if held else pk))
        context = {
            "kind": KINDS[kind].label,
            "current": current,
            "title": title,
            "record_page": KINDS[kind].page(shown) if shown else "",
            "steps": steps,
            "page_obj": page,
            "crumbs": [(reverse("desk:history"), _("History")), ("", title)],
        }
        return render(request, "desk/history/record.html", context, status=page.status)
