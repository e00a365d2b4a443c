"""The history of records, for programs of OPDC staff: who did what, when, with the difference; and back to it.

A record stands in the address as elsewhere in the API: by its code, key or year, else by its number.
"""

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import require_desk
from agencies.api import people
from agencies.api.columns import key_of
from agencies.api.doors import RecordDoor, needed_version, once
from agencies.api.schema import KEY, MUST_MATCH
from govlab.history import changes
from projects import earlier
from projects.api import call_writes, list_writes, meeting_writes, part_writes, project_writes
from projects.kinds import KINDS
from projects.rules import calls, themes

PLACED = ("parent", *(name for name in part_writes.ITEM if name not in ("discussion", "adopts")))
BACK: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    **{
        kind: (noun.edit, tuple(name for name in noun.columns + noun.later if name != "sure"))
        for kind, noun in {
            "project": project_writes.PROJECTS,
            "stage": project_writes.STAGES,
            "part": project_writes.PARTS,
            "indicator": project_writes.INDICATORS,
            "cohort": project_writes.COHORTS,
            "innovation": project_writes.INNOVATIONS,
            "schedule": list_writes.SCHEDULES,
            "exception": list_writes.EXCEPTIONS,
            "round": list_writes.ROUNDS,
            "series": list_writes.SERIES,
            "member": list_writes.MEMBERS,
            "standing-item": list_writes.STANDING_ITEMS,
            "synonyms": list_writes.SYNONYMS,
            **dict.fromkeys(("field", "type", "lab", "facet", "principle"), list_writes.LOOKUPS),
            "meeting": meeting_writes.MEETINGS,
            "meeting-person": part_writes.PEOPLE,
            "session": part_writes.SESSIONS,
            "point": part_writes.POINTS,
            "resolution": part_writes.RESOLUTIONS,
            "assignment": part_writes.ASSIGNMENTS,
            "agency": people.AGENCIES,
            "source": people.SOURCES,
            "person": people.PEOPLE,
            "membership": people.MEMBERSHIPS,
        }.items()
        if noun.edit
    },
    "agenda-item": (part_writes.ITEMS.edit or earlier.put_back, PLACED),
    "call": (calls.edit, ("project", "stage_number", *call_writes.CALL)),
    "theme": (themes.edit, ("title_th", "title_en", *call_writes.ANSWER)),
}
"""By kind the rule that puts an earlier state back, and the columns that it takes: those of the record's own form."""


def plain(value: Any) -> Any:
    """A stored value as JSON holds it; a record by its key, a list by the keys of its records."""
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Model):
        return plain(getattr(value, key_of(type(value))))
    if isinstance(value, date | time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | dict | None) else str(value)


class ChangeSerializer(serializers.Serializer[Any]):
    """One column, with what stood there before and after."""

    column = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class EntrySerializer(serializers.Serializer[Any]):
    """One step in the life of a record."""

    id = serializers.IntegerField(source="history_id")
    at = serializers.DateTimeField(source="history_date")
    verb = serializers.CharField(source="history_change_reason", allow_null=True)
    kind = serializers.ChoiceField(choices=[("+", "added"), ("~", "changed"), ("-", "removed")], source="history_type")
    who = serializers.CharField(
        source="history_user.name", allow_null=True, help_text="Null for what a visitor or the portal itself did."
    )
    version = serializers.IntegerField(help_text="Of the record, after this step.")
    changes = ChangeSerializer(source="told", many=True)


class Sure(serializers.Serializer[Any]):
    """What an indicator's change of meaning needs."""

    sure = serializers.BooleanField(required=False, help_text="The numbers that were reported stay right with it.")


class History(RecordDoor):
    """OPDC staff read the life of every record, the newest step first."""

    permission_classes = [IsAuthenticated]
    serializer_class = EntrySerializer
    filter_backends = ()  # the life of one record has one order, and no words are looked for in it
    things = "steps in the life of a record"
    staff_alone = True

    def number(self) -> Any:
        """The number of the record that the address names, there or removed; raises Http404."""
        model, name = KINDS[self.kwargs["kind"]].model, self.kwargs["record"]
        key = key_of(model)
        if key == model._meta.pk.name:
            return name
        try:
            now = model._base_manager.filter(**{key: name}).values_list("pk", flat=True).first()
            rows = model.history.filter(**{key: name}).order_by("-history_date", "-history_id")
            found = rows.values_list("id", flat=True).first() if now is None else now
        except ValueError as error:
            raise Http404 from error
        if found is None:
            raise Http404
        return found

    def get_queryset(self) -> QuerySet[Any]:
        """The record's rows that the person may see."""
        if "kind" not in self.kwargs:  # only described
            return KINDS["project"].model.history.none()
        require_desk(self.person)
        rows = KINDS[self.kwargs["kind"]].of(self.number(), self.person).select_related("history_user")
        if not rows.exists():
            raise Http404
        return rows

    def represent(self, rows: Any, *more: Any) -> Any:
        """The steps, each with what it changed since the one before it."""
        self.compare(list(rows))
        return super().represent(rows, *more)

    def compare(self, rows: Sequence[Any]) -> None:
        """Gives each step what it changed; the rows follow each other, the newest first."""
        if not rows:
            return
        last, hidden = rows[-1], KINDS[self.kwargs["kind"]].unshown
        before = Q(history_date__lt=last.history_date) | Q(
            history_date=last.history_date, history_id__lt=last.history_id
        )
        older = list(self.get_queryset().filter(before)[:1])
        for row, found in changes([*rows, *older])[: len(rows)]:
            row.told = [
                {"column": each.field.name, "before": plain(each.before), "after": plain(each.after)}
                for each in found
                if each.field.name not in hidden
            ]

    @extend_schema(summary="Put an earlier state back", request=Sure, parameters=[KEY, MUST_MATCH])
    @action(detail=True, methods=["post"], url_path="put-back", url_name="put-back")
    @once
    def put_back(self, request: Request, **words: Any) -> Response:
        """OPDC staff let the record stand as after this step, as far as its form asks; If-Match is the record's."""
        entry, kind = self.get_object(), self.kwargs["kind"]
        if kind not in BACK or entry.history_type == "-":
            raise Http404
        rule, columns = BACK[kind]
        current = get_object_or_404(KINDS[kind].model._base_manager, pk=entry.id)
        version, sent = needed_version(request), self.asked(Sure)
        more = {"sure": sent.get("sure", False)} if kind == "indicator" else {}
        answers = earlier.returning(earlier.differing(entry, current, columns))
        earlier.put_back(current, answers, by=self.person, version=version, rule=rule, columns=columns, **more)
        newest = self.get_queryset()[0]
        self.compare([newest])
        data = self.get_serializer(newest).data
        return Response(data, headers={"ETag": f'"{newest.version}"'})


DOORS: list[tuple[str, Any, str]] = [
    (rf"history/(?P<kind>{'|'.join(KINDS)})/(?P<record>[-\w.]+)", History, "history"),
]
