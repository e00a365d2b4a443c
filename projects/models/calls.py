"""A call: a project puts one question to the public; what visitors answer, and what the team makes of it."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of, is_desk
from govlab.fields import random_id
from govlab.records import Record
from govlab.thai import pick
from projects.models.base import Part, Published, PublishedQuerySet, PublishState
from projects.models.projects import REPORTING_PARTS, Project, ProjectAgency
from projects.models.stages import StageNumber
from projects.models.updates import ProgressUpdate

CONTACTS_FOR = timedelta(days=90)
"""How long after its call ends, or after it is decided, what somebody can be reached by is kept."""


def team_projects(person: Any) -> Any:
    """Numbers of the projects in whose team the person is: their agency owns it or is a partner."""
    return ProjectAgency.objects.filter(agency__in=agencies_of(person), part__in=REPORTING_PARTS).values("project")


class CallQuerySet(PublishedQuerySet):
    """Questions asked about calls."""

    def public(self) -> Self:
        """What everybody may see: published, of a published project."""
        return self.filter(state=PublishState.PUBLISHED, project__state=PublishState.PUBLISHED)

    def visible_to(self, person: Any) -> Self:
        """Everybody: the public ones; the project's team: also its own drafts; staff: all."""
        if is_desk(person):
            return self
        public = Q(state=PublishState.PUBLISHED, project__state=PublishState.PUBLISHED)
        return self.filter(public | Q(project__in=team_projects(person)))

    def open(self, on: date) -> Self:
        """Those that may be answered on this day."""
        return self.filter(opens_on__lte=on, closes_on__gte=on)

    def to_forget(self, on: date) -> Self:
        """Those that ended so long ago that nobody who answered needs to be reached any more."""
        return self.filter(closes_on__lt=on - CONTACTS_FOR)


class Call(Published):
    """One question at one stage, open from `opens_on` to `closes_on` (CE, both days included)."""

    sorted_by = ("question_th", "question_en")
    searched_in = ("question_th", "question_en", "about_th", "about_en")

    project = models.ForeignKey(Project, models.PROTECT, verbose_name=_("project"), related_name="calls")
    stage_number = models.PositiveSmallIntegerField(_("stage"), choices=StageNumber)
    question_th = models.CharField(_("question in Thai"), max_length=300)
    question_en = models.CharField(_("question in English"), max_length=300, blank=True)
    about_th = models.TextField(_("what it is about, in Thai"), max_length=3000, blank=True)
    about_en = models.TextField(_("what it is about, in English"), max_length=3000, blank=True)
    use_th = models.TextField(_("what will be done with the answers, in Thai"), max_length=2000)
    use_en = models.TextField(_("what will be done with the answers, in English"), max_length=2000, blank=True)
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    lead_moderates = models.BooleanField(_("a lead of the owner's agency decides too what is shown"), default=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]
        verbose_name = _("call to the public")
        verbose_name_plural = _("calls to the public")

    def __str__(self) -> str:
        return pick(self, "question")

    def clean(self) -> None:
        """A call ends after it begins."""
        super().clean()
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": _("The end lies before the start. Check both dates.")})

    def is_open(self, on: date) -> bool:
        """Whether it may be answered on this day."""
        return self.state == PublishState.PUBLISHED and self.opens_on <= on <= self.closes_on


class Standpoint(models.TextChoices):
    """Who somebody is in the matter."""

    USER = "user", _("I use the service")
    CARER = "carer", _("I care for somebody who uses it")
    OFFICER = "officer", _("I work where the service is given")
    BUSINESS = "business", _("I do business that depends on it")
    NEIGHBOUR = "neighbour", _("I live where it is given")
    EXPERT = "expert", _("I study or advise on it")
    OTHER = "other", _("Somebody else")


class Moderation(models.TextChoices):
    """Whether what a visitor wrote is shown."""

    WAITING = "waiting", _("Waiting to be looked at")
    SHOWN = "shown", _("Shown")
    WITHHELD = "withheld", _("Withheld")


class Written(Record):
    """What a visitor wrote: nothing shows before somebody decided; a text that is withheld has a public reason."""

    state = models.CharField(max_length=8, choices=Moderation, default=Moderation.WAITING, db_index=True)
    reason = models.CharField(_("why it is not shown"), max_length=500, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True


class VoiceQuerySet(models.QuerySet["Voice"]):
    """Questions asked about voices."""

    def visible_to(self, person: Any) -> Self:
        """Everybody: those that are shown, of a public call; the project's team and staff: all."""
        if is_desk(person):
            return self
        shown = Q(state=Moderation.SHOWN, call__in=Call.objects.public())
        return self.filter(shown | Q(call__project__in=team_projects(person)))

    def waiting(self) -> Self:
        """Those that nobody has looked at, the longest waiting first."""
        return self.filter(state=Moderation.WAITING).order_by("created_at", "pk")


class Voice(Written):
    """What one visitor answers to a call; how to reach them is kept apart, in `Contact`, and goes when it is over."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="voices")
    text = models.TextField(_("your answer"), max_length=5000)
    standpoint = models.CharField(_("who you are in the matter"), max_length=10, choices=Standpoint)
    language = models.CharField(max_length=2, default="th", editable=False)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = _("voice")
        verbose_name_plural = _("voices")

    def __str__(self) -> str:
        return self.text


class Outcome(models.TextChoices):
    """What became of a theme."""

    CHANGED = "changed", _("We changed it")
    PLANNED = "planned", _("We will change it")
    KNOWN = "known", _("It is so already")
    NOT = "not", _("We do not change it")


class ThemeQuerySet(models.QuerySet["Theme"]):
    """Questions asked about themes."""

    def visible_to(self, person: Any) -> Self:
        """Everybody: the answered ones that are shown, of a public call; the project's team and staff: all."""
        if is_desk(person):
            return self
        return self.filter(Q(shown=True, call__in=Call.objects.public()) | Q(call__project__in=team_projects(person)))


class Theme(Part):
    """What several voices of a call say in common, the team's answer, and what changed in the design or why not."""

    _history_m2m_fields = ["voices"]

    call = models.ForeignKey(Call, models.CASCADE, related_name="themes")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title_th = models.CharField(_("what people said, in Thai"), max_length=300)
    title_en = models.CharField(_("what people said, in English"), max_length=300, blank=True)
    answer_th = models.TextField(_("our answer, in Thai"), max_length=3000, blank=True)
    answer_en = models.TextField(_("our answer, in English"), max_length=3000, blank=True)
    outcome = models.CharField(_("what became of it"), max_length=8, choices=Outcome, blank=True)
    update = models.ForeignKey(
        ProgressUpdate,
        models.SET_NULL,
        verbose_name=_("the report that tells of the change"),
        null=True,
        blank=True,
        related_name="themes",
    )
    voices = models.ManyToManyField(Voice, verbose_name=_("voices"), blank=True, related_name="themes")
    shown = models.BooleanField(_("show to the public"), default=False)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["call_id", "position", "pk"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return pick(self, "title")

    def clean(self) -> None:
        """What is shown to the public has an answer, and says what became of it."""
        super().clean()
        wrong = {}
        if self.shown and not (self.answer_th or self.answer_en):
            wrong["answer_th"] = _("Write your answer before you show the theme.")
        if self.shown and not self.outcome:
            wrong["outcome"] = _("Choose what became of it before you show the theme.")
        if wrong:
            raise ValidationError(wrong)
