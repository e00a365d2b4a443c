"""What an agency is asked when it reports progress; a draft may leave anything open."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agencies.access import lead_reads_first
from agencies.models import Agency, User
from govlab.fields import ThaiDateField
from projects.forms.evidence import EvidenceField
from projects.forms.prefill import planned_before, starting
from projects.forms.readings import MeasureField, measure_text
from projects.models import (
    DueReport,
    Evidence,
    Indicator,
    ProgressUpdate,
    Project,
    StageNumber,
    StageState,
    UpdateState,
)
from projects.models.indicators import number_text
from projects.rules.evidence import room_of
from projects.rules.readings import Measure, last_approved
from projects.rules.updates import NEEDED, reporting_agencies

ASKED_AS = {"evidence": "attach"}
"""What the notes of a returned update call otherwise than the form."""


class UpdateForm(forms.ModelForm):
    """The update of one agency on one stage of one project.

    `sends` says that it goes to staff now: then what an update must say is required. `cleaned_data["readings"]` holds
    a `Measure` for each indicator of the project.
    """

    stage_number = forms.TypedChoiceField(
        label=_("Stage"), choices=StageNumber.choices, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    stage_state = forms.ChoiceField(
        label=_("This stage is now"),
        choices=[(state.value, state.label) for state in (StageState.IN_PROGRESS, StageState.DONE)],
        widget=forms.RadioSelect,
    )
    attach = EvidenceField(
        label=_("Evidence"),
        required=False,
        help_text=_("Pictures, PDF, Word, Excel, PowerPoint; several at once, each up to 20 MB."),
    )
    detach = forms.ModelMultipleChoiceField(
        label=_("Files that are attached: tick those to remove"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    release = forms.BooleanField(
        label=_("Show the files to the public once the update is approved"),
        required=False,
        help_text=_("Leave it empty when they hold people's names or faces."),
    )

    class Meta:
        model = ProgressUpdate
        fields = ["agency", "stage_number", "stage_state", "happened_on", "title", "text", "planned", "obstacles"]
        field_classes = {"happened_on": ThaiDateField}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "planned": forms.Textarea(attrs={"rows": 2}),
            "obstacles": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "agency": _("In the name of"),
            "happened_on": _("Date"),
            "title": _("Headline"),
            "text": _("What was done"),
            "planned": _("What comes next"),
            "obstacles": _("Obstacles, or help needed"),
        }
        help_texts = {
            "happened_on": _("Such as 23/11/2564 or 23 November 2021."),
            "title": _("A few words that say it all, such as: 24 people interviewed."),
            "text": _("Keep it short. The public reads this once it is approved."),
            "planned": _("It stands beside your next report. Only your agency and OPDC see this."),
            "obstacles": _("Only your agency and OPDC see this."),
        }

    def __init__(
        self,
        *args: Any,
        person: User,
        project: Project,
        sends: bool = False,
        due: DueReport | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sends, self.planned_before = sends, planned_before(person, project)
        if self.instance._state.adding:
            self.initial.update(starting(person, project, due, timezone.localdate()))
        for name, sentence in NEEDED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence
        # Here and not above: a sentence put together is in the language of the moment.
        self.fields["stage_number"].choices = [(s.value, f"{s.value}. {s.label}") for s in StageNumber]  # type: ignore[attr-defined]
        self.fields["attach"].person = person  # type: ignore[attr-defined]
        agencies = self._ask_agency(person, project)
        # Of several agencies the one that is preset.
        self.lead_first = bool(agencies) and lead_reads_first(person, agencies[0])
        self._ask_readings(person, project)
        self._ask_files()
        self._show_room(person, agencies)
        self._show_notes()
        self.order_fields([*self._meta.fields, *self.asked, "detach", "attach", "release"])

    def _ask_agency(self, person: User, project: Project) -> list[Agency]:
        """Only a new update of somebody who reports for several agencies has a choice; gives those that may be it."""
        adding = self.instance._state.adding
        agencies = list(reporting_agencies(person, project)) if adding else [self.instance.agency]
        if len(agencies) < 2:
            del self.fields["agency"]
            return agencies
        field = self.fields["agency"]
        field.queryset = reporting_agencies(person, project)  # type: ignore[attr-defined]
        field.initial, field.empty_label = agencies[0].pk, None  # type: ignore[attr-defined]
        return agencies

    def _ask_readings(self, person: User, project: Project) -> None:
        """A number for each indicator, or why there is none."""
        self.person, self.instance.project = person, project
        self.asked: dict[str, Indicator] = {f"reading_{i.pk}": i for i in project.indicators.all()}
        adding = self.instance._state.adding or not self.asked
        own = {} if adding else {reading.indicator_id: reading for reading in self.instance.readings.all()}
        for name, indicator in self.asked.items():
            known = own.get(indicator.pk)
            initial = Measure(known.value, known.unavailable, known.confirmed) if known else None
            self.fields[name] = MeasureField(label=str(indicator), initial=initial)

    def _ask_files(self) -> None:
        """Files that are there may be removed."""
        evidence = [] if self.instance._state.adding else list(self.instance.evidence.all())
        self.fields["release"].initial = any(file.released for file in evidence)
        if evidence:
            self.fields["detach"].queryset = self.instance.evidence.all()  # type: ignore[attr-defined]
        else:
            del self.fields["detach"]

    def _show_room(self, person: User, agencies: list[Agency]) -> None:
        """Says how much room the agency has left; whoever comes by a link neither sees it nor sends files ahead."""
        if not isinstance(person, User):
            return
        widget: Any = self.fields["attach"].widget
        widget.direct, widget.rooms = True, [(agency.short, room_of(agency)) for agency in agencies]

    def _show_notes(self) -> None:
        """Says at each field what OPDC asked to be corrected there; `note` is about all the readings."""
        notes: dict[str, str] = dict(self.instance.return_notes) if self.instance.state == UpdateState.RETURNED else {}
        self.note = notes.pop("readings", "")
        for name, note in notes.items():
            if field := self.fields.get(ASKED_AS.get(name, name)):
                field.help_text = format_html(
                    '<strong class="warn-text">{} {}</strong><br>{}', _("OPDC asks:"), note, field.help_text
                )

    def readings(self) -> list[dict[str, Any]]:
        """The rows of the table of indicators; `last` is the last approved reading up to the day of the update."""
        last = last_approved(self.instance, self.person) if self.asked else {}
        return [
            {
                "indicator": indicator,
                "baseline": number_text(indicator.baseline),
                "target": number_text(indicator.target),
                "last": last.get(indicator.pk),
                "before": number_text(last[indicator.pk].value) if indicator.pk in last else "",
                "field": self[name],
            }
            for name, indicator in self.asked.items()
        ]

    def compared(self) -> list[dict[str, Any]]:
        """Both versions of each reading that differs: what stands there now, and what was typed."""
        rows = []
        for name, indicator in self.asked.items():
            now = self[name].initial or Measure()
            yours = self.cleaned_data["readings"].get(indicator) or Measure()
            if now[:2] != yours[:2]:
                rows.append({"label": str(indicator), "before": measure_text(now), "after": measure_text(yours)})
        return rows

    def ask_sure(self, indicators: Iterable[int]) -> None:
        """Shows the tick that says that a number is right beside each of these indicators, by their numbers."""
        for name in {f"reading_{pk}" for pk in indicators} & {*self.asked}:
            self.fields[name].widget.asked = True

    def add_error(self, field: Any, error: Any) -> None:
        """What the rules say about a reading stands at its box; a question about a number brings the tick."""
        for each in error if isinstance(error, list) else [error]:
            params = getattr(each, "params", None) or {}
            name = f"reading_{params.get('indicator')}"
            if field is None and name in self.asked:
                self.ask_sure([params["indicator"]] if each.code == "doubt" else [])
                super().add_error(name, ValidationError(params["said"], code=each.code))
            else:
                super().add_error(field, each)

    def full_clean(self) -> None:
        """What must be said is required only when the update goes to staff; a draft is never refused for a gap."""
        for name in NEEDED:
            self.fields[name].required = self.sends
        super().full_clean()
        for name in NEEDED:
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """Gathers the readings by indicator."""
        super().clean()
        self.cleaned_data["readings"] = {
            indicator: self.cleaned_data.pop(name)
            for name, indicator in self.asked.items()
            if name in self.cleaned_data
        }
        return self.cleaned_data
