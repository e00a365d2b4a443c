"""A conference's programme: its sessions, and the points that it brought up."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from govlab.thai import pick
from projects.models.attendance import MeetingPerson
from projects.models.meetings import Meeting, MeetingPart, MeetingPartQuerySet


class MeetingSession(MeetingPart):
    """A session of a conference."""

    _history_m2m_fields = ["speakers"]

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sessions")
    title_th = models.CharField(_("title in Thai"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place_th = models.CharField(_("room in Thai"), max_length=300, blank=True)
    place_en = models.CharField(_("room in English"), max_length=300, blank=True)
    speakers = models.ManyToManyField(MeetingPerson, verbose_name=_("speakers"), blank=True, related_name="sessions")

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return pick(self, "title")

    def clean(self) -> None:
        """A session lies within the days of its conference and ends after it begins."""
        super().clean()
        wrong: dict[str, object] = {}
        if self.day and self.meeting_id and not self.meeting.starts_on <= self.day <= self.meeting.last_day:
            wrong["day"] = _("This day is none of the conference's days.")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            wrong["ends_at"] = _("It ends before it begins. Check both times.")
        if wrong:
            raise ValidationError(wrong)


class MeetingPoint(MeetingPart):
    """A point of interest that a conference brought up, with the country it comes from."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="points")
    session = models.ForeignKey(
        MeetingSession, models.SET_NULL, verbose_name=_("session"), null=True, blank=True, related_name="points"
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    text_th = models.TextField(_("text in Thai"), max_length=2000)
    text_en = models.TextField(_("text in English"), max_length=2000, blank=True)

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("point of interest")
        verbose_name_plural = _("points of interest")

    def __str__(self) -> str:
        return pick(self, "text")
