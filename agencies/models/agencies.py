"""An agency: a public body, international organisation, research institute or university."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from agencies.models.sources import Source
from govlab.fields import AddressName
from govlab.records import Listed
from govlab.thai import pick


class AgencyKind(models.TextChoices):
    """What sort of body an agency is."""

    GOVERNMENT = "government", _("Government agency")
    INTERNATIONAL = "international", _("International organisation")
    RESEARCH = "research", _("Research institute")
    ACADEMIC = "academic", _("University")


# UNION, not UNION ALL: should agencies ever belong to each other in a circle, it still ends.
WITHIN = """
    WITH RECURSIVE within (id) AS (
        SELECT id FROM agencies_agency WHERE key = %s
        UNION SELECT below.id FROM agencies_agency below JOIN within ON below.parent_id = within.id
    ) SELECT id FROM within
"""


class AgencyQuerySet(models.QuerySet):
    """Questions asked about agencies."""

    def within(self, key: str) -> Self:
        """The agency of this key and every one below it, however deep; none for a key that nobody has."""
        return self.filter(pk__in=RawSQL(WITHIN, [key]))  # noqa: S611 - a fixed query, the key is a parameter


class Agency(Listed):
    """A body that has a part in GovLab; everybody may see every agency."""

    _history_m2m_fields = ["sources"]
    searched_in = ("name_th", "name_en", "short_th", "short_en")

    key = AddressName(
        _("address name"),
        max_length=60,
        unique=True,
        help_text=_("Latin letters, digits and hyphens; it stands in the agency's web address."),
    )
    name_th = models.CharField(_("name in Thai"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    short_th = models.CharField(_("short name in Thai"), max_length=60, blank=True)
    short_en = models.CharField(_("short name in English"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AgencyKind, default=AgencyKind.GOVERNMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("belongs to"), null=True, blank=True, related_name="children"
    )
    lead_passes_on = models.BooleanField(
        _("a lead reads what reporters write before it goes to OPDC"), default=False, editable=False
    )
    quota_mb = models.PositiveIntegerField(_("room for evidence, in MB"), default=2000)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")

    found_as = (2, "agency")
    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.short

    def as_found(self) -> dict[str, Any]:
        """What the search knows of it."""
        names = [self.short_th, self.short_en]
        return {"key": self.key, "title_th": self.name_th, "title_en": self.name_en, "names": names, "texts": []}

    def found_along(self) -> list[Any]:
        """Its projects and innovations are found by its name."""
        named: Any = self
        return [*named.projects.all(), *named.innovations.all()]

    def clean(self) -> None:
        """An agency belongs neither to itself nor to one that belongs to it."""
        super().clean()
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("An agency cannot belong to itself.")})
            above = above.parent

    @property
    def short(self) -> str:
        """The name for lists and sentences: the short one where there is one, in the active language."""
        return pick(self, "short") or pick(self, "name")
