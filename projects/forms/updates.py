"""What an agency is asked when it reports progress; a draft may leave anything open."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from govlab.fields import ThaiDateField
from projects.forms.evidence import EvidenceField
from projects.forms.readings import ReadingField, number_text
from projects.models import Evidence, Indicator, ProgressUpdate, Project, Reading, StageNumber, StageState, UpdateState
from projects.rules.updates import NEEDED, reporting_agencies


class UpdateForm(forms.ModelForm):
    """The update of one agency on one stage of one project.

    `sends` says that it goes to staff now: then what an update must say is required. `cleaned_data["readings"]` holds
    a Decimal or None for each indicator of the project.
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
        fields = ["agency", "stage_number", "stage_state", "happened_on", "title", "text", "obstacles"]
        field_classes = {"happened_on": ThaiDateField}
        widgets = {"text": forms.Textarea(attrs={"rows": 5}), "obstacles": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "agency": _("In the name of"),
            "happened_on": _("Date"),
            "title": _("Headline"),
            "text": _("What was done"),
            "obstacles": _("Obstacles, or help needed"),
        }
        help_texts = {
            "happened_on": _("Such as 23/11/2564 or 23 November 2021."),
            "title": _("A few words that say it all, such as: 24 people interviewed."),
            "text": _("Keep it short. The public reads this once it is approved."),
            "obstacles": _("Only your agency and OPDC see this."),
        }

    def __init__(self, *args: Any, person: User, project: Project, sends: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sends = sends
        for name, sentence in NEEDED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence
        # Here and not above: a sentence put together is in the language of the moment.
        self.fields["stage_number"].choices = [(s.value, f"{s.value}. {s.label}") for s in StageNumber]  # type: ignore[attr-defined]
        self.fields["attach"].person = person  # type: ignore[attr-defined]
        self._ask_agency(person, project)
        self._ask_readings(person, project)
        self._ask_files()
        self.order_fields([*self._meta.fields, *self.asked, "detach", "attach", "release"])

    def _ask_agency(self, person: User, project: Project) -> None:
        """Only a new update of somebody who reports for several agencies has a choice."""
        agencies = list(reporting_agencies(person, project)) if self.instance._state.adding else []
        if len(agencies) < 2:
            del self.fields["agency"]
            return
        field = self.fields["agency"]
        field.queryset = reporting_agencies(person, project)  # type: ignore[attr-defined]
        field.initial, field.empty_label = agencies[0].pk, None  # type: ignore[attr-defined]

    def _ask_readings(self, person: User, project: Project) -> None:
        """One number for each indicator, with what was measured before."""
        self.asked: dict[str, Indicator] = {f"reading_{i.pk}": i for i in project.indicators.all()}
        self.before: dict[int, Any] = {}
        if not self.asked:
            return
        readings = Reading.objects.filter(indicator__project=project)
        own = (
            {}
            if self.instance._state.adding
            else dict(readings.filter(update=self.instance.pk).values_list("indicator", "value"))
        )
        approved = readings.visible_to(person).filter(update__state=UpdateState.APPROVED)
        self.before = dict(
            approved.order_by("update__happened_on", "update__reviewed_at", "pk").values_list("indicator", "value")
        )
        for name, indicator in self.asked.items():
            self.fields[name] = ReadingField(label=str(indicator), initial=own.get(indicator.pk))

    def _ask_files(self) -> None:
        """Files that are there may be removed."""
        evidence = [] if self.instance._state.adding else list(self.instance.evidence.all())
        self.fields["release"].initial = any(file.released for file in evidence)
        if evidence:
            self.fields["detach"].queryset = self.instance.evidence.all()  # type: ignore[attr-defined]
        else:
            del self.fields["detach"]

    def readings(self) -> list[dict[str, Any]]:
        """The rows of the table of indicators."""
        return [
            {
                "indicator": indicator,
                "baseline": number_text(indicator.baseline),
                "target": number_text(indicator.target),
                "before": number_text(self.before.get(indicator.pk)),
                "field": self[name],
            }
            for name, indicator in self.asked.items()
        ]

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
