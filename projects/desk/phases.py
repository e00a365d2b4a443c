"""The phases of a meeting on the desk: inviting, holding, minutes complete, adopted; each says first what happens."""

from collections import Counter
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleConfirm
from govlab.fields import ThaiDateField
from govlab.thai import format_date
from projects.desk.meetings import MeetingDoor
from projects.desk.pages import PageForm
from projects.models import Assignment, FollowUp, Meeting, Phase
from projects.models.assignments import AssignmentState
from projects.models.meetings import AFTER
from projects.rules import phases


def with_email(meeting: Meeting) -> tuple[int, list[Any]]:
    """How many letters go out about a meeting, and to whom none can."""
    people = list(meeting.people.order_by("position", "pk"))
    addresses = {row.email.lower() for row in people if row.email}
    return len(addresses), [row for row in people if not row.email]


def letters_said(number: int) -> str:
    """How many people get a letter, as a sentence."""
    if not number:
        return gettext("Nobody gets a letter: no e-mail address is known.")
    return ngettext("%(n)d person gets a letter by e-mail.", "%(n)d people get a letter by e-mail.", number) % {
        "n": number
    }


def unsaid(meeting: Meeting, asked: list[tuple[Any, str, str]]) -> list[tuple[str, str]]:
    """What a document of the meeting needs and the meeting does not say, each with where it is said.

    `asked` has a value, what it is in words, and the field of the meeting's form that asks for it.
    """
    edit = reverse("desk:meeting-edit", args=[meeting.key])
    return [(words, f"{edit}#id_{name}") for value, words, name in asked if not value]


class PhaseStep(MeetingDoor, RuleConfirm):
    """A step from one phase to the next: the page says what will happen, one button lets it happen."""

    template_name = "desk/meetings/step.html"
    verb = ""
    title: Any = ""
    button: Any = ""
    misses: Any = ""
    """The heading above what `more` says is missing."""

    def sentences(self, meeting: Meeting) -> list[Any]:
        """What will happen, one sentence after another."""
        raise NotImplementedError

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """What else the page shows: lists, by the names of the template."""
        return {}

    def context(self) -> dict[str, Any]:
        """The question, or why it cannot be asked now."""
        meeting = self.found()
        return {
            "meeting": meeting,
            "title": self.title,
            "button": self.button,
            "may": self.verb in phases.open_steps(self.person, meeting),
            "sentences": self.sentences(meeting),
            "misses": self.misses,
            "back": self.own_page(),
            "crumbs": self.crumbs(self.title),
            **self.more(meeting),
        }

    def rule(self, **answers: Any) -> Meeting:
        """Takes the step."""
        step: Any = getattr(phases, self.verb)
        return step(self.found(), by=self.person)


class MeetingInvite(PhaseStep):
    """The agenda stands: the invitation goes out."""

    verb = "invite"
    title = _("Send the invitation")
    button = _("Send the invitation")
    done_message = _("The invitation is sent.")
    misses = _("The letter of invitation still misses")

    def sentences(self, meeting: Meeting) -> list[Any]:
        """Who gets a letter, and that changes are told."""
        if self.empty(meeting):
            return [gettext("There is nothing on the agenda yet: put at least one item on it first.")]
        number = with_email(meeting)[0]
        items = meeting.agenda.count()
        said = [letters_said(number)]
        if items:
            agenda = ngettext("The letter names %(n)d agenda item.", "The letter names %(n)d agenda items.", items)
            said.append(agenda % {"n": items})
        said.append(gettext("When the day or the place changes afterwards, they get another letter."))
        return said

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """Those without an address, what the letter does not say; why nobody can be invited yet."""
        if self.empty(meeting):
            return {"may": False, "early": True}  # a sentence says so
        asked = [
            (meeting.starts_at, gettext("The time at which the meeting begins"), "starts_at"),
            (meeting.place, gettext("Place"), "place_th"),
            (meeting.letter_number, gettext("The number of the letter"), "letter_number"),
            (meeting.letter_on, gettext("The date of the letter"), "letter_on"),
        ]
        return {"without": with_email(meeting)[1], "missing": unsaid(meeting, asked)}

    @staticmethod
    def empty(meeting: Meeting) -> bool:
        """Whether there is nothing to invite to, so that the rule would refuse it."""
        return not meeting.agenda.exists() and not meeting.sessions.exists()


class MeetingCallOff(PhaseStep):
    """The meeting does not take place on that day."""

    verb = "call_off"
    title = _("Call the meeting off")
    button = _("Call the meeting off")
    done_message = _("The meeting is called off. Set another day, then send the invitation again.")

    def sentences(self, meeting: Meeting) -> list[Any]:
        """Who is told, and that nothing is lost."""
        return [
            letters_said(with_email(meeting)[0]),
            gettext("The meeting is in preparation again. The agenda and everything else stay; set another day."),
        ]


class MeetingHold(PhaseStep):
    """The meeting took place."""

    verb = "hold"
    title = _("The meeting was held")
    button = _("Yes, it was held")
    done_message = _("The meeting is noted as held. Write its minutes now.")

    def sentences(self, meeting: Meeting) -> list[Any]:
        """How many assignments are told now, and what becomes of open matters."""
        if meeting.starts_on > timezone.localdate():
            day = {"day": format_date(meeting.starts_on, "long")}
            return [gettext("This meeting is on %(day)s. Say that it was held once it was, or change its date.") % day]
        asked = Assignment.objects.filter(meeting=meeting, given_on=None).count()
        said = [gettext("From now on you can write the minutes, note who came, and assign work.")]
        if asked:
            told = ngettext(
                "%(n)d assignment is told to the agency that is asked, by letter and in its workspace.",
                "%(n)d assignments are told to the agencies that are asked, by letter and in their workspaces.",
                asked,
            )
            said.append(told % {"n": asked})
        else:
            said.append(gettext("No assignment is noted yet, so no agency is told anything."))
        open_ones = FollowUp.objects.filter(meeting=meeting)
        if left := open_ones.exclude(assignment__state=AssignmentState.CLOSED).count():
            arising = ngettext(
                "%(n)d open matter of earlier meetings goes on to the next meeting, unless it is closed here.",
                "%(n)d open matters of earlier meetings go on to the next meeting, unless they are closed here.",
                left,
            )
            said.append(arising % {"n": left})
        return said

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """The agencies that are told, each with how many assignments."""
        if meeting.starts_on > timezone.localdate():
            return {"may": False, "early": True}  # a sentence says so
        asked = Assignment.objects.filter(meeting=meeting, given_on=None).select_related("agency")
        told: Counter[Any] = Counter()
        for row in asked.prefetch_related("partners"):
            told.update({row.agency, *row.partners.all()})
        return {"told": sorted(told.items(), key=lambda pair: (-pair[1], str(pair[0])))}


class MeetingReopen(PhaseStep):
    """The minutes go back into writing."""

    verb = "reopen"
    title = _("Open the minutes again")
    button = _("Open the minutes again")
    done_message = _("The minutes are open again.")

    def sentences(self, meeting: Meeting) -> list[Any]:
        """What can be done then, and what is gone."""
        said = [gettext("The minutes can be changed again, and have to be completed once more.")]
        if meeting.phase == Phase.ADOPTED:
            said.append(gettext("When and where they were adopted is forgotten; the history keeps it."))
        return said


# --- adopting --------------------------------------------------------------------------------------------------------
class WhereField(forms.ModelChoiceField):
    """A meeting of the series with its day."""

    def label_from_instance(self, obj: Any) -> str:
        """Meeting 2/2569 · 3 Jan 2026."""
        return f"{obj} · {format_date(obj.starts_on)}"


class AdoptForm(forms.Form):
    """By which meeting the minutes were adopted, or by letter on which day, and what was corrected."""

    adopted_in = WhereField(
        label=_("Adopted by"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=_("By letter, without a meeting"),
        help_text=_("Later meetings of the series that were held."),
    )
    adopted_on = ThaiDateField(
        label=_("Adopted on"),
        required=False,
        help_text=_("Only by letter: the day by which nobody had asked for a correction. Otherwise leave it empty."),
    )
    note = forms.CharField(
        label=_("Corrections and notes"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was corrected, page by page; empty when they were adopted without correction."),
    )

    def __init__(self, *args: Any, meeting: Meeting, at: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = Meeting.objects.none()
        if meeting.series_id:
            later = Meeting.objects.filter(series=meeting.series_id, phase__in=AFTER, starts_on__gte=meeting.starts_on)
        where: Any = self.fields["adopted_in"]
        where.queryset = later.exclude(pk=meeting.pk).order_by("starts_on", "number", "pk")
        chosen = where.queryset.filter(key=at).first() if at else where.queryset.first()
        if chosen:
            self.initial["adopted_in"] = chosen.pk


class MeetingAdopt(MeetingDoor, PageForm):
    """The minutes are adopted; `?in=` names the meeting that did so."""

    form_class = AdoptForm
    template_name = "desk/meetings/adopt.html"
    title = _("Adopt the minutes")
    button = _("Note that they are adopted")
    done_message = _("The minutes are adopted.")

    def find(self) -> Meeting:
        """By its key."""
        return self.found()

    def form_kwargs(self) -> dict[str, Any]:
        """The meeting whose minutes they are, and the one that the address names."""
        return {"meeting": self.thing, "at": self.request.GET.get("in", "")}

    def context(self) -> dict[str, Any]:
        """Whether it is the moment, besides the way back."""
        steps = phases.open_steps(self.person, self.thing)
        return {**super().context(), "meeting": self.thing, "may": "adopt" in steps, "may_finish": "finish" in steps}

    def rule(self, **answers: Any) -> Meeting:
        """Adopts them."""
        return phases.adopt(self.thing, by=self.person, **answers)
