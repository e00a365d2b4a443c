"""The library of innovations: cases worth collecting, from here and abroad."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from agencies.models import Agency, Source
from govlab.thai import pick
from projects.models.base import Published, PublishedQuerySet
from projects.models.countries import country_name
from projects.models.lookups import InnovationType
from projects.models.projects import Project

TOLD = tuple(f"{part}_{language}" for part in ("about", "carries_over", "mind") for language in ("th", "en"))
"""The columns of what is told of an innovation."""


class Innovation(Published):
    """An entry of the library; one or more of the six types where they are known."""

    _history_m2m_fields = ["types", "sources"]
    searched_in = ("title_th", "title_en", *TOLD, "agency")

    title_th = models.CharField(_("title in Thai"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    about_th = models.TextField(_("about, in Thai"), max_length=10_000, blank=True)
    about_en = models.TextField(_("about, in English"), max_length=10_000, blank=True)
    carries_over_th = models.TextField(_("what others can take over, in Thai"), max_length=5000, blank=True)
    carries_over_en = models.TextField(_("what others can take over, in English"), max_length=5000, blank=True)
    mind_th = models.TextField(_("what to mind when copying it, in Thai"), max_length=5000, blank=True)
    mind_en = models.TextField(_("what to mind when copying it, in English"), max_length=5000, blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), null=True, blank=True, related_name="innovations"
    )
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        verbose_name=_("came from the project"),
        null=True,
        blank=True,
        related_name="innovations",
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Type the two-letter code, such as TH."))],
    )
    types = models.ManyToManyField(
        InnovationType, verbose_name=_("innovation types"), blank=True, related_name="innovations"
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")

    found_as = (3, "innovation")
    found_with = ("agency", "types")
    objects = PublishedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("innovation")
        verbose_name_plural = _("innovations")

    def __str__(self) -> str:
        return pick(self, "title")

    def as_found(self) -> dict[str, Any]:
        """What the search knows of it."""
        texts = [getattr(self, name) for name in TOLD]
        if self.agency:
            texts += [f"{self.agency.name_th} {self.agency.short_th}", self.agency.name_en]
        for tag in self.types.all():
            texts += [tag.name_th, tag.name_en]
        for language in ("th", "en") if self.country else ():
            with override(language):
                texts.append(country_name(self.country))
        return {"key": str(self.pk), "title_th": self.title_th, "title_en": self.title_en, "texts": texts}

    def clean(self) -> None:
        """An innovation has a title in at least one language."""
        super().clean()
        if not (self.title_th or self.title_en):
            raise ValidationError({"title_th": _("Give a title in Thai or in English.")})
