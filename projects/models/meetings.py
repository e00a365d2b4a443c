"""Meetings: committees with numbered resolutions, conferences with sessions and points."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Source
from govlab.fields import AddressName
from govlab.thai import FIRST_BE_YEAR, LAST_BE_YEAR, pick
from projects.models.base import Part, PartQuerySet, Published, PublishedQuerySet
from projects.models.lookups import MeetingSeries
from projects.models.projects import Project


class MeetingKind(models.TextChoices):
    """What sort of meeting it is."""

    COMMITTEE = "committee", _("Committee")
    CONFERENCE = "conference", _("Conference")
    WORKSHOP = "workshop", _("Workshop")
    FOCUS_GROUP = "focus_group", _("Focus group")


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
    place_th = models.CharField(_("place in Thai"), max_length=300, blank=True)
    place_en = models.CharField(_("place in English"), max_length=300, blank=True)
    attendance_th = models.CharField(_("attendance in Thai"), max_length=100, blank=True)
    attendance_en = models.CharField(_("attendance in English"), max_length=100, blank=True)
    hosts = models.ManyToManyField(Agency, verbose_name=_("hosts"), blank=True, related_name="hosted_meetings")
    projects = models.ManyToManyField(
        Project, verbose_name=_("projects whose results were presented"), blank=True, related_name="meetings"
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")

    objects = PublishedQuerySet.as_manager()

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

    def clean(self) -> None:
        """A meeting has a name: a title, or its number in a series; and ends after it begins."""
        super().clean()
        wrong: dict[str, object] = {}
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = _("The last day lies before the first. Check both dates.")
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

    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["meeting_id", "position", "pk"]


class MeetingPartQuerySet(PartQuerySet):
    """Parts of a meeting."""

    of = "meeting"


class MeetingPerson(MeetingPart):
    """Somebody who took part, named as the documents print it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="people")
    name_th = models.CharField(_("name in Thai"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    role_th = models.CharField(_("role in Thai"), max_length=300, blank=True)
    role_en = models.CharField(_("role in English"), max_length=300, blank=True)
    also_written = models.CharField(_("also written"), max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), null=True, blank=True, related_name="meeting_people"
    )

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("person at the meeting")
        verbose_name_plural = _("people at the meeting")

    def __str__(self) -> str:
        return pick(self, "name") or pick(self, "role")

    def clean(self) -> None:
        """A person has a name or at least a role."""
        super().clean()
        if not any((self.name_th, self.name_en, self.role_th, self.role_en)):
            raise ValidationError({"name_th": _("Give a name or a role.")})


class MeetingSession(MeetingPart):
    """A session of a conference."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sessions")
    title_th = models.CharField(_("title in Thai"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return pick(self, "title")


class MeetingPoint(MeetingPart):
    """A point of interest that a conference brought up, with the country it comes from."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="points")
    country = models.CharField(_("country"), max_length=2, blank=True)
    text_th = models.TextField(_("text in Thai"), max_length=2000)
    text_en = models.TextField(_("text in English"), max_length=2000, blank=True)

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("point of interest")
        verbose_name_plural = _("points of interest")

    def __str__(self) -> str:
        return pick(self, "text")


class AgendaItem(MeetingPart):
    """An item of the agenda; items may stand under items."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("under"), null=True, blank=True, related_name="children"
    )
    number = models.CharField(_("number"), max_length=20)
    title_th = models.CharField(_("title in Thai"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    presented_by = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("presented by"), null=True, blank=True, related_name="agenda_items"
    )

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="one_agenda_number",
                violation_error_message=_("Another item of this agenda has this number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {pick(self, 'title')}"


class Resolution(MeetingPart):
    """A numbered opinion or decision (1.2) under an agenda item."""

    _history_m2m_fields = ["concerns"]

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="resolutions")
    item = models.ForeignKey(AgendaItem, models.CASCADE, verbose_name=_("agenda item"), related_name="resolutions")
    number = models.CharField(_("number"), max_length=20)
    text_th = models.TextField(_("text in Thai"), max_length=5000)
    text_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    concerns = models.ManyToManyField(
        Agency, verbose_name=_("agencies it concerns"), blank=True, related_name="resolutions"
    )

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="one_resolution_number",
                violation_error_message=_("Another resolution of this meeting has this number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {pick(self, 'text')}"
