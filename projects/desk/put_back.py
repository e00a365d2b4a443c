"""An earlier state of a record put back on the desk, by the rule and within the columns of the record's own form."""

import uuid
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleConfirm
from govlab.history import Change, changes
from projects.desk.edits import EDITS, Edit
from projects.desk.history import told
from projects.desk.indicators import IndicatorForm
from projects.desk.kinds import KINDS, label_of


class PutBack(DeskDoor, RuleConfirm):
    """What would change, field by field, and the button that does it."""

    template_name = "desk/history/put_back.html"
    done_message = _("The earlier state is put back.")

    @cached_property
    def edit(self) -> Edit:
        """How such a record is edited; some kinds are not, by staff."""
        if self.kwargs["kind"] in EDITS:
            return EDITS[self.kwargs["kind"]]
        raise Http404

    @cached_property
    def entry(self) -> Any:
        """The earlier state: a row of the record's history that the person may see."""
        edit, kind = self.edit, KINDS[self.kwargs["kind"]]
        rows = kind.of(self.kwargs["pk"], self.person).exclude(history_type="-").select_related("history_user")
        return get_object_or_404(rows, pk=self.kwargs["entry"]) if edit else None

    @cached_property
    def current(self) -> Any:
        """The record as it stands; what was removed is added anew by hand."""
        return get_object_or_404(KINDS[self.kwargs["kind"]].model._base_manager, pk=self.entry.id)

    @cached_property
    def differing(self) -> list[Change]:
        """What the form asks and what stands otherwise now; `before` is now, `after` is then."""
        [(_entry, found), _latest] = changes([self.entry, self.current.history.latest()])
        return [change for change in found if change.field.name in self.edit.fields]

    def returning(self) -> dict[str, Any]:
        """The answers that differ, without those that name a record which is no longer there."""
        return {
            change.field.name: change.after
            for change in self.differing
            if not change.field.many_to_one or change.after is None or isinstance(change.after, Model)
        }

    def questions(self) -> list[str]:
        """What the rule asks before it puts this state back."""
        found = self.edit.asks(self.current, self.returning()) if self.edit.asks else {}
        return [sentence for asked in found.values() for sentence in asked.messages]

    def own_page(self) -> str:
        """The record's history."""
        return reverse("desk:history-record", kwargs={"kind": self.kwargs["kind"], "pk": self.kwargs["pk"]})

    def context(self) -> dict[str, Any]:
        """Each field as it stands now and as it would stand."""
        returning, gone = self.returning(), gettext("No longer there; stays as it is now")
        rows = [
            {
                "label": label_of(change.field),
                "before": told(change.field, change.before),
                "after": told(change.field, change.after) if change.field.name in returning else gone,
            }
            for change in self.differing
        ]
        title = gettext("Put back an earlier state?")
        return {
            "title": title,
            "entry": self.entry,
            "current": self.current,
            "rows": rows,
            "possible": bool(returning),
            "questions": self.questions(),
            "sure": IndicatorForm.base_fields["sure"].label,
            "form_key": uuid.uuid4().hex,
            "version": self.current.version,
            "back": self.own_page(),
            "crumbs": [(reverse("desk:history"), _("History")), (self.own_page(), str(self.current)), ("", title)],
        }

    def rule(self, **answers: Any) -> Any:
        """Edits the record as its form does, with the answers of then where they differ."""
        if not (returning := self.returning()):
            raise ValidationError(_("Nothing that can be put back differs from how it stands now."))
        answers = {name: _standing(self.current, name) for name in self.edit.fields} | returning
        if self.edit.asks:
            answers["sure"] = "sure" in self.request.POST
        return self.edit.rule(self.current, by=self.person, version=self.version(), verb="put_back", **answers)

    def next_page(self, result: Any) -> str:
        """The record's history, with this step on top."""
        return self.own_page()

    def back_page(self) -> str:
        """The question again, as things stand by now."""
        return self.request.path


def _standing(record: Any, name: str) -> Any:
    """What stands in a column now; of a list, its records."""
    value = getattr(record, name)
    return list(value.all()) if record._meta.get_field(name).many_to_many else value
