"""A body that meets again and again: how it numbers its meetings, who belongs to it, what stands on each agenda."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from govlab.thai import pick
from projects.models.base import DeskQuerySet, Part
from projects.models.lookups import Lookup


def feed_key() -> str:
    """What nobody guesses: the name of a calendar feed that is read without a log-in."""
    return secrets.token_urlsafe(24)


class MeetingSeries(Lookup):
    """A body that meets again and again and numbers its meetings by the Buddhist year."""

    quorum = models.PositiveSmallIntegerField(
        _("members needed for a quorum"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave it empty for half of the members."),
    )
    feed_key = models.CharField(max_length=40, db_index=True, default=feed_key, editable=False)
    """Names the private calendar feed of its members."""

    class Meta(Lookup.Meta):
        verbose_name = _("meeting series")
        verbose_name_plural = _("meeting series")


class ItemKind(models.TextChoices):
    """What an agenda item is for, where that is the same at every meeting; an ordinary one has no kind."""

    ANNOUNCED = "announced", _("What the chair announces")
    ADOPTION = "adoption", _("Minutes to adopt")
    ARISING = "arising", _("Matters arising")
    INFORMATION = "information", _("For information")
    CONSIDERED = "considered", _("For consideration")
    OTHER = "other", _("Other matters")


STANDING: tuple[tuple[str, str, str], ...] = (
    (ItemKind.ANNOUNCED, "เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ", "Announcements by the chair"),
    (ItemKind.ADOPTION, "เรื่องรับรองรายงานการประชุม", "Adoption of the minutes"),
    (ItemKind.ARISING, "เรื่องสืบเนื่อง", "Matters arising"),
    (ItemKind.CONSIDERED, "เรื่องเพื่อพิจารณา", "Matters for consideration"),
    (ItemKind.OTHER, "เรื่องอื่น ๆ", "Other matters"),
)
"""What a committee's agenda begins with where its series says nothing else: kind, title in Thai, title in English.

Source: ภาคผนวก of the Regulation of the Office of the Prime Minister on Correspondence B.E. 2526, form of minutes.
"""


class SeriesPart(Part):
    """A row of a series, in the order of its position; staff's own."""

    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = DeskQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["series_id", "position", "pk"]


class SeriesMember(SeriesPart):
    """Somebody who belongs to the body; each new meeting begins with these people."""

    series = models.ForeignKey(MeetingSeries, models.CASCADE, related_name="members")
    name_th = models.CharField(_("name in Thai"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    role_th = models.CharField(_("role in Thai"), max_length=300, blank=True)
    role_en = models.CharField(_("role in English"), max_length=300, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), null=True, blank=True, related_name="series_members"
    )
    email = models.EmailField(_("e-mail for invitations"), blank=True)

    class Meta(SeriesPart.Meta):
        verbose_name = _("member of the series")
        verbose_name_plural = _("members of the series")

    def __str__(self) -> str:
        return pick(self, "name")


class StandingItem(SeriesPart):
    """An item that stands on the agenda of every meeting of the series."""

    series = models.ForeignKey(MeetingSeries, models.CASCADE, related_name="standing_items")
    kind = models.CharField(_("what it is for"), max_length=12, choices=ItemKind, blank=True)
    title_th = models.CharField(_("title in Thai"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)

    class Meta(SeriesPart.Meta):
        verbose_name = _("standing item")
        verbose_name_plural = _("standing items")

    def __str__(self) -> str:
        return pick(self, "title")

    def clean(self) -> None:
        """Matters arise, and minutes are adopted, at one place of an agenda."""
        super().clean()
        others: Any = StandingItem.objects.filter(series=self.series_id, kind=self.kind).exclude(pk=self.pk)
        if self.kind in (ItemKind.ARISING, ItemKind.ADOPTION) and others.exists():
            raise ValidationError({"kind": _("Another standing item of this series is for this.")})
