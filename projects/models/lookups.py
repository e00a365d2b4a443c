"""The short lists that records choose from: fields, labs, facets, innovation types."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Source
from govlab.fields import AddressName
from govlab.records import Listed
from govlab.thai import pick


class Lookup(Listed):
    """One choice of a short list, kept by staff, in the order of its number."""

    _history_m2m_fields = ["sources"]

    key = AddressName(
        _("key"),
        max_length=60,
        unique=True,
        help_text=_("Latin letters, digits and hyphens, for addresses and the API."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    name_th = models.CharField(_("name in Thai"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    about_th = models.TextField(_("about, in Thai"), max_length=2000, blank=True)
    about_en = models.TextField(_("about, in English"), max_length=2000, blank=True)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["position", "sort_key", "pk"]

    def __str__(self) -> str:
        return pick(self, "name") or self.key

    def clean(self) -> None:
        """A choice that people cannot read is none."""
        super().clean()
        if not (self.name_th or self.name_en):
            raise ValidationError({"name_th": _("Give a name in Thai or in English.")})


class ServiceField(Lookup):
    """The field of public service a project belongs to: transport, health, ..."""

    class Meta(Lookup.Meta):
        verbose_name = _("field of service")
        verbose_name_plural = _("fields of service")


class Lab(Lookup):
    """One of the laboratories designed under the name Prime Minister Labs."""

    class Meta(Lookup.Meta):
        verbose_name = _("laboratory")
        verbose_name_plural = _("laboratories")


class Facet(Lookup):
    """A facet of the OECD's innovation model."""

    class Meta(Lookup.Meta):
        verbose_name = _("facet of innovation")
        verbose_name_plural = _("facets of innovation")


class InnovationType(Lookup):
    """One of the six kinds of the Public Sector Innovation Center."""

    class Meta(Lookup.Meta):
        verbose_name = _("innovation type")
        verbose_name_plural = _("innovation types")


class Principle(Lookup):
    """A sentence of how a GovLab project works, with the documents that say so."""

    class Meta(Lookup.Meta):
        verbose_name = _("principle of work")
        verbose_name_plural = _("principles of work")
