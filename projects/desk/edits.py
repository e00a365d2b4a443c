"""What staff edit by a form, kind by kind: the columns that the form asks, and the rule that takes the answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agencies.desk.agencies import AgencyForm
from agencies.desk.people import PersonForm, RoleForm
from agencies.rules import people, records
from projects.desk.agenda import PARTS
from projects.desk.cohorts import CohortForm
from projects.desk.indicators import IndicatorForm
from projects.desk.innovations import InnovationForm
from projects.desk.lookups import TABLES
from projects.desk.parts import PartForm
from projects.desk.projects import ProjectForm
from projects.desk.rounds import RoundForm
from projects.desk.schedules import ExceptionForm, ScheduleForm
from projects.desk.series import SeriesForm
from projects.desk.series_parts import MemberForm, StandingForm
from projects.desk.stages import StageForm
from projects.desk.synonyms import SynonymsForm
from projects.forms.calls import CallForm, ThemeForm
from projects.forms.meetings import MeetingForm
from projects.models.projects import STORY
from projects.rules import calls, indicators, meetings, projects, rounds, schedules, stages, themes


@dataclass(frozen=True)
class Edit:
    """One kind of record that has a form to edit it."""

    form: Any
    rule: Callable[..., Any] = records.edit
    asks: Callable[[Any, dict[str, Any]], dict[str, Any]] | None = None
    """What the rule asks about answers before it takes them, by column; `sure` says yes."""
    also: tuple[str, ...] = ()
    """Columns that another form of the same record asks."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that the form asks."""
        return (*self.form._meta.fields, *self.also)


_PARTS = {
    "meeting-person": "people",
    "session": "sessions",
    "point": "points",
    "agenda-item": "agenda",
    "resolution": "resolutions",
    "assignment": "assignments",
}
_LISTS = {
    "field": "fields",
    "type": "types",
    "lab": "labs",
    "facet": "facets",
    "principle": "principles",
    "source": "sources",
}
EDITS: dict[str, Edit] = {
    "project": Edit(ProjectForm, projects.edit, also=STORY),
    "stage": Edit(StageForm, stages.edit),
    "part": Edit(PartForm),
    "indicator": Edit(IndicatorForm, indicators.edit, asks=indicators.questions),
    "cohort": Edit(CohortForm),
    "schedule": Edit(ScheduleForm, schedules.edit),
    "exception": Edit(ExceptionForm),
    "round": Edit(RoundForm, rounds.edit),
    "meeting": Edit(MeetingForm, meetings.edit),
    **{kind: Edit(PARTS[word].form, meetings.edit_part) for kind, word in _PARTS.items()},
    "series": Edit(SeriesForm),
    "member": Edit(MemberForm),
    "standing-item": Edit(StandingForm),
    "innovation": Edit(InnovationForm),
    "call": Edit(CallForm, calls.edit),
    "theme": Edit(ThemeForm, themes.edit, also=("answer_th", "answer_en", "outcome", "update")),
    "synonyms": Edit(SynonymsForm),
    "agency": Edit(AgencyForm),
    "person": Edit(PersonForm, people.edit_person),
    "membership": Edit(RoleForm, people.edit_member),
    **{kind: Edit(TABLES[word].form) for kind, word in _LISTS.items()},
}
"""By the name of the kind in `kinds.KINDS`; what agencies write is theirs and stands in no form of the desk."""
