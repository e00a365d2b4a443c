"""Meetings, from the invitation to the published minutes, and the sessions and points of a conference."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Source
from govlab.fields import AddressName
from govlab.thai import FIRST_BE_YEAR, LAST_BE_YEAR, pick
from projects.models.base import Part, PartQuerySet, Published, PublishedQuerySet
from projects.models.projects import Project
from projects.models.series import MeetingSeries


class MeetingKind(models.TextChoices):
    """What sort of meeting it is."""

    COMMITTEE = "committee", _("Committee")
    CONFERENCE = "conference", _("Conference")
    WORKSHOP = "workshop", _("Workshop")
    FOCUS_GROUP = "focus_group", _("Focus group")


class Phase(models.TextChoices):
    """How far a meeting is; the steps between are in `rules.phases`."""

    PLANNED = "planned", _("In preparation")
    INVITED = "invited", _("Invitation sent")
    HELD = "held", _("Held")
    DRAFTED = "drafted", _("Minutes to be adopted")
    ADOPTED = "adopted", _("Minutes adopted")


BEFORE = (Phase.PLANNED, Phase.INVITED)
"""Phases in which the meeting is still to come."""
AFTER = (Phase.HELD, Phase.DRAFTED, Phase.ADOPTED)
"""Phases in which it has taken place, so that what it resolved holds."""


class MeetingQuerySet(PublishedQuerySet):
    """Questions asked about meetings."""

    def to_come(self) -> Self:
        """Those that have not been held, the next one first."""
        return self.filter(phase__in=BEFORE).order_by("starts_on", "number", "pk")

    def earlier_than(self, meeting: "Meeting") -> Self:
        """Those of the same series that came before, the latest first."""
        rows = self.filter(series=meeting.series_id, starts_on__lte=meeting.starts_on).exclude(pk=meeting.pk)
        return rows.exclude(starts_on=meeting.starts_on, number__gt=meeting.number or 0).order_by("-starts_on", "-pk")


class Meeting(Published):
    """One meeting; a committee's has a series and a number of the year (3/2564), a conference a title."""

    _history_m2m_fields = ["hosts", "projects", "sources"]
    searched_in = ("title_th", "title_en", "theme_th", "theme_en", "series", "place_th", "place_en")

    key = AddressName(
        _("address name"),
        max_length=80,
        unique=True,
        help_text=_("Latin letters, digits and hyphens; it stands in the meeting's web address."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MeetingKind, default=MeetingKind.COMMITTEE)
    series = models.ForeignKey(
        MeetingSeries, models.PROTECT, verbose_name=_("series"), null=True, blank=True, related_name="meetings"
    )
    number = models.PositiveSmallIntegerField(_("number in the year"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year (Buddhist Era)"), null=True, blank=True)
    title_th = models.CharField(_("title in Thai"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    theme_th = models.CharField(_("theme in Thai"), max_length=300, blank=True)
    theme_en = models.CharField(_("theme in English"), max_length=300, blank=True)
    format_th = models.CharField(_("form in Thai"), max_length=300, blank=True)
    format_en = models.CharField(_("form in English"), max_length=300, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place_th = models.CharField(_("place in Thai"), max_length=300, blank=True)
    place_en = models.CharField(_("place in English"), max_length=300, blank=True)
    attendance_th = models.CharField(_("attendance in Thai"), max_length=100, blank=True)
    attendance_en = models.CharField(_("attendance in English"), max_length=100, blank=True)
    hosts = models.ManyToManyField(Agency, verbose_name=_("hosts"), blank=True, related_name="hosted_meetings")
    projects = models.ManyToManyField(
        Project, verbose_name=_("projects whose results were presented"), blank=True, related_name="meetings"
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")
    # the invitation
    letter_number = models.CharField(_("number of the letter of invitation"), max_length=60, blank=True)
    letter_on = models.DateField(_("date of the letter"), null=True, blank=True)
    # the minutes
    began_at = models.TimeField(_("opened at"), null=True, blank=True)
    ended_at = models.TimeField(_("closed at"), null=True, blank=True)
    minutes_by = models.CharField(_("minutes taken by"), max_length=200, blank=True)
    minutes_by_role = models.CharField(_("their position"), max_length=300, blank=True)
    checked_by = models.CharField(_("minutes checked by"), max_length=200, blank=True)
    checked_by_role = models.CharField(_("position of the checker"), max_length=300, blank=True)
    # how far it is: written by `rules.phases` alone
    phase = models.CharField(
        _("phase"), max_length=8, choices=Phase, default=Phase.PLANNED, editable=False, db_index=True
    )
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When staff said that it had been held: what was known of open matters by then was known to the meeting."""
    adopted_on = models.DateField(_("minutes adopted on"), null=True, blank=True, editable=False)
    adopted_in = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="adopted", editable=False
    )
    """The meeting that adopted the minutes; none when it was done by letter."""
    adoption_note = models.TextField(_("corrections and notes"), max_length=2000, blank=True, editable=False)

    found_as = (4, "meeting")
    found_with = ("series",)
    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "number"],
                name="one_number_per_series_and_year",
                violation_error_message=_("This series already has a meeting with this number in this year."),
            )
        ]

    def __str__(self) -> str:
        if self.number and self.year:
            return gettext("Meeting %(number)s/%(year)s") % {"number": self.number, "year": self.year}
        return pick(self, "title") or self.key

    @property
    def full_name(self) -> str:
        """Its series and number, as a letter names it; else its title."""
        return f"{self.series} {self}" if self.series and self.number else str(self)

    @property
    def last_day(self) -> date:
        """The day on which it ends."""
        return self.ends_on or self.starts_on

    @property
    def place(self) -> str:
        """Where it is, in the active language."""
        return pick(self, "place")

    @property
    def took_place(self) -> bool:
        """Whether it has been held."""
        return self.phase in AFTER

    def as_found(self) -> dict[str, Any]:
        """What the search knows of it: its name, and of its agenda the titles that the public sees."""
        th, en = self.title_th, self.title_en
        if self.number and self.year and self.series:
            numbered = f"{self.number}/{self.year}"
            th, en = (f"{name} {numbered}" if name else "" for name in (self.series.name_th, self.series.name_en))
        parts: Any = self
        texts = [self.theme_th, self.theme_en, self.place_th, self.place_en]
        texts += [f"{item.number} {item.title_th}" for item in parts.agenda.filter(shown__gt=0)]
        found = {"key": self.key, "on": self.starts_on, "title_th": th, "title_en": en, "texts": texts}
        return {**found, "names": [f"การประชุมครั้งที่ {self.number}/{self.year}"] if self.number and self.year else []}

    def found_along(self) -> list[Any]:
        """Its resolutions are found once everybody may see the meeting."""
        parts: Any = self
        return list(parts.resolutions.select_related("item").prefetch_related("assignments"))

    def clean(self) -> None:
        """A meeting has a name: a title, or its number in a series; and ends after it begins."""
        super().clean()
        wrong: dict[str, object] = {}
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = _("The last day lies before the first. Check both dates.")
        if self.starts_on and self.last_day == self.starts_on:
            for begins, ends in (("starts_at", "ends_at"), ("began_at", "ended_at")):
                if (first := getattr(self, begins)) and (last := getattr(self, ends)) and last <= first:
                    wrong[ends] = _("It ends before it begins. Check both times.")
        numbered = [self.series_id, self.number, self.year]
        if any(value is not None for value in numbered) and not all(numbered):
            wrong["number"] = _("A numbered meeting needs its series, its number and its year.")
        if self.year is not None and not FIRST_BE_YEAR <= self.year <= LAST_BE_YEAR:
            wrong["year"] = _("Type the Buddhist year, such as 2564.")
        if not all(numbered) and not (self.title_th or self.title_en):
            wrong["title_th"] = _("Give the meeting a title, or its series and number.")
        if wrong:
            raise ValidationError(wrong)


class MeetingPart(Part):
    """A row of a meeting, in the order of its position."""

    meeting: Any
    """The foreign key to the meeting, which each kind of part names in its own way."""
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["meeting_id", "position", "pk"]


class MeetingPartQuerySet(PartQuerySet):
    """Parts of a meeting."""

    of = "meeting"
