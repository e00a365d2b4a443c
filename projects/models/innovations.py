"""The library of innovations: cases worth collecting, from here and abroad."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Source
from govlab.thai import pick
from projects.models.base import Published, PublishedQuerySet
from projects.models.lookups import InnovationType
from projects.models.projects import Project


class Innovation(Published):
    """An entry of the library; one or more of the six types where they are known."""

    _history_m2m_fields = ["types", "sources"]
    searched_in = ("title_th", "title_en", "about_th", "about_en", "agency")

    title_th = models.CharField(_("title in Thai"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    about_th = models.TextField(_("about, in Thai"), max_length=10_000, blank=True)
    about_en = models.TextField(_("about, in English"), max_length=10_000, blank=True)
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

    objects = PublishedQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("innovation")
        verbose_name_plural = _("innovations")

    def __str__(self) -> str:
        return pick(self, "title")

    def clean(self) -> None:
        """An innovation has a title in at least one language."""
        super().clean()
        if not (self.title_th or self.title_en):
            raise ValidationError({"title_th": _("Give a title in Thai or in English.")})
