"""The agenda of a meeting: items in a tree, what was said and resolved at each, the papers, and who sees how much."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.access import is_desk
from agencies.models import Agency
from govlab.thai import pick
from projects.models.base import PublishState
from projects.models.files import StoredFile
from projects.models.meetings import AFTER, Meeting, MeetingPart
from projects.models.projects import Project
from projects.models.series import ItemKind

MOST_ITEMS = 500
"""Of one agenda."""


class Shown(models.IntegerChoices):
    """How much of an agenda item the public sees once the meeting is published; each shows what the one before does."""

    NOTHING = 0, _("Nothing")
    TITLE = 1, _("The title")
    RESOLUTIONS = 2, _("The title and the resolutions")
    EVERYTHING = 3, _("Everything, with the discussion and the papers")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Questions asked about agenda items."""

    def visible_to(self, person: Any) -> Self:
        """Staff all; everybody else those that are shown of a published meeting."""
        if is_desk(person):
            return self
        return self.filter(meeting__state=PublishState.PUBLISHED, shown__gte=Shown.TITLE)


class AgendaItem(MeetingPart):
    """An item of the agenda; items may stand under items. `position` counts among those under the same one.

    The number (1, 1.1, 1.1.1) follows from the place: `rules.agenda` writes it whenever something moves.
    """

    _history_m2m_fields = ["projects"]

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("under"), null=True, blank=True, related_name="children"
    )
    number = models.CharField(_("number"), max_length=20, editable=False)
    kind = models.CharField(_("what it is for"), max_length=12, choices=ItemKind, blank=True)
    title_th = models.CharField(_("title in Thai"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    presented_by = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("presented by"), null=True, blank=True, related_name="agenda_items"
    )
    presenter = models.CharField(_("who presents it"), max_length=300, blank=True)
    projects = models.ManyToManyField(
        Project, verbose_name=_("projects it concerns"), blank=True, related_name="agenda_items"
    )
    adopts = models.ForeignKey(
        Meeting, models.PROTECT, verbose_name=_("minutes to adopt"), null=True, blank=True, related_name="adopted_at"
    )
    discussion = models.TextField(_("discussion"), max_length=20_000, blank=True)
    """Shown to everybody only where `shown` says everything."""
    shown = models.PositiveSmallIntegerField(
        _("the public sees"), choices=Shown, default=Shown.RESOLUTIONS, help_text=_("Once the meeting is published.")
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind"],
                condition=Q(kind__in=[ItemKind.ADOPTION, ItemKind.ARISING]),
                name="one_place_for_what_arises",
                violation_error_message=_("Another item of this agenda is for this."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {pick(self, 'title')}"

    def found_along(self) -> list[Any]:
        """The meeting is found by its titles, and its resolutions as far as it shows them."""
        return [self.meeting, *self.resolutions.select_related("meeting").prefetch_related("assignments")]

    @property
    def public_discussion(self) -> str:
        """The discussion as everybody may read it, empty where it is not for them."""
        return self.discussion if self.shown == Shown.EVERYTHING and self.meeting.took_place else ""


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Questions asked about resolutions."""

    def visible_to(self, person: Any) -> Self:
        """Staff all; everybody else those of items that show them, of published meetings that were held."""
        if is_desk(person):
            return self
        return self.filter(
            meeting__state=PublishState.PUBLISHED, meeting__phase__in=AFTER, item__shown__gte=Shown.RESOLUTIONS
        )


class Resolution(MeetingPart):
    """A numbered opinion or decision (1.2) under an agenda item; its number follows from its place, too."""

    _history_m2m_fields = ["concerns"]

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="resolutions")
    item = models.ForeignKey(AgendaItem, models.CASCADE, verbose_name=_("agenda item"), related_name="resolutions")
    number = models.CharField(_("number"), max_length=20, editable=False)
    text_th = models.TextField(_("text in Thai"), max_length=5000)
    text_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    concerns = models.ManyToManyField(
        Agency, verbose_name=_("agencies it concerns"), blank=True, related_name="resolutions"
    )

    found_as = (5, "resolution")
    found_with = ("meeting", "item", "assignments")
    objects = ResolutionQuerySet.as_manager()

    class Meta(MeetingPart.Meta):
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")

    def __str__(self) -> str:
        return f"{self.number} {pick(self, 'text')}"

    def as_found(self) -> dict[str, Any]:
        """What the search knows of it; `more` is the address name of its meeting.

        Whoever sees it sees the title of its agenda item, and once the meeting was held what it asks of agencies.
        """
        parts: Any = self
        texts = [self.item.title_th, self.item.title_en]
        if self.meeting.took_place:
            texts += [text for row in parts.assignments.all() for text in (row.text_th, row.text_en)]
        found = {"key": str(self.pk), "more": self.meeting.key, "on": self.meeting.starts_on}
        return {**found, "title_th": self.text_th, "title_en": self.text_en, "texts": texts}


class PaperQuerySet(models.QuerySet["Paper"]):
    """Questions asked about papers."""

    def visible_to(self, person: Any) -> Self:
        """Staff all; everybody else those of items of which everything is shown, of published meetings."""
        if is_desk(person):
            return self
        return self.filter(item__meeting__state=PublishState.PUBLISHED, item__shown=Shown.EVERYTHING)


class Paper(StoredFile):
    """A file attached to an agenda item."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="papers")

    objects = PaperQuerySet.as_manager()

    class Meta(StoredFile.Meta):
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
