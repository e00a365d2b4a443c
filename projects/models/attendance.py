"""Who is called to a meeting, who came, and whether they were enough to decide."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from govlab.thai import pick
from projects.models.meetings import Meeting, MeetingPart, MeetingPartQuerySet

MOST_PEOPLE = 300
"""Of one meeting; the largest conference room list that the page still shows as a whole."""


class Takes(models.TextChoices):
    """What part a person takes in a meeting."""

    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Participant")
    SPEAKER = "speaker", _("Speaker")


class Presence(models.TextChoices):
    """Whether a person came; empty while nobody has said."""

    PRESENT = "present", _("Present")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class MeetingPerson(MeetingPart):
    """Somebody who is called to the meeting or took part, named as the documents print it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="people")
    name_th = models.CharField(_("name in Thai"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    role_th = models.CharField(_("role in Thai"), max_length=300, blank=True)
    role_en = models.CharField(_("role in English"), max_length=300, blank=True)
    also_written = models.CharField(_("also written"), max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), null=True, blank=True, related_name="meeting_people"
    )
    part = models.CharField(_("takes part as"), max_length=10, choices=Takes, default=Takes.OBSERVER)
    presence = models.CharField(_("attendance"), max_length=10, choices=Presence, blank=True)
    stands_for = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("in whose stead"), null=True, blank=True, related_name="deputies"
    )
    email = models.EmailField(_("e-mail for the invitation"), blank=True)
    """Shown to staff alone."""

    objects = MeetingPartQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("person at the meeting")
        verbose_name_plural = _("people at the meeting")

    def __str__(self) -> str:
        return pick(self, "name") or pick(self, "role")

    def clean(self) -> None:
        """A person has a name or at least a role; who stands in comes in the place of a member who does not."""
        super().clean()
        if not any((self.name_th, self.name_en, self.role_th, self.role_en)):
            raise ValidationError({"name_th": _("Give a name or a role.")})
        absent = self.stands_for
        if absent is None:
            return
        if absent.pk == self.pk or absent.meeting_id != self.meeting_id or absent.part != Takes.MEMBER:
            raise ValidationError({"stands_for": _("Choose another member of this meeting.")})
        if absent.presence == Presence.PRESENT:
            raise ValidationError({"stands_for": _("This member is present, so nobody stands in for them.")})


@dataclass(frozen=True)
class Quorum:
    """How many members there are, how many came or were stood in for, and how many it takes."""

    members: int
    present: int
    needed: int
    known: bool
    """Whether the attendance of anybody has been noted."""

    @property
    def reached(self) -> bool:
        """Whether the meeting can decide."""
        return self.members > 0 and self.present >= self.needed


def quorum(people: Iterable[MeetingPerson], needed: int | None = None) -> Quorum:
    """The quorum of these people of one meeting; `needed` is what the series says, else half of the members.

    A member counts once, in person or through whoever stands in for them. Half is rounded up. Source: section 79 of
    the Administrative Procedure Act B.E. 2539, which asks for at least half where a committee's own law is silent.
    """
    rows = list(people)
    members = {row.pk for row in rows if row.part == Takes.MEMBER and row.stands_for_id is None}
    came = [row for row in rows if row.presence == Presence.PRESENT]
    present = {row.stands_for_id or row.pk for row in came} & members
    known = any(row.presence for row in rows)
    return Quorum(len(members), len(present), needed or -(-len(members) // 2), known)
