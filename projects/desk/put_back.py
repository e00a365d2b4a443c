"""An earlier state of a record put back on the desk, by the rule and within the columns of the record's own form."""

import uuid
from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleConfirm
from govlab.history import Change
from projects import earlier
from projects.desk.edits import EDITS, Edit
from projects.desk.history import told
from projects.desk.indicators import IndicatorForm
from projects.kinds import KINDS, label_of


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
        return earlier.differing(self.entry, self.current, self.edit.fields)

    def returning(self) -> dict[str, Any]:
        """The answers that differ, without those that name a record which is no longer there."""
        return earlier.returning(self.differing)

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
        more = {"sure": "sure" in self.request.POST} if self.edit.asks else {}
        return earlier.put_back(
            self.current,
            self.returning(),
            by=self.person,
            version=self.version(),
            rule=self.edit.rule,
            columns=self.edit.fields,
            **more,
        )

    def next_page(self, result: Any) -> str:
        """The record's history, with this step on top."""
        return self.own_page()

    def back_page(self) -> str:
        """The question again, as things stand by now."""
        return self.request.path
