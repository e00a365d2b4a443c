"""A cohort: one year of GovLab."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Source
from govlab.records import Record
from govlab.templatetags.thai import year


class Cohort(Record):
    """A year in which projects start together; `year` is Buddhist Era (2561 is 2018)."""

    _history_m2m_fields = ["supported_by", "sources"]

    year = models.PositiveSmallIntegerField(
        _("year (Buddhist Era)"),
        unique=True,
        validators=[MinValueValidator(2500), MaxValueValidator(2700)],
        error_messages={"unique": _("This cohort is already there.")},
    )
    supported_by = models.ManyToManyField(
        Agency, verbose_name=_("supported by"), blank=True, related_name="supported_cohorts"
    )
    about_th = models.TextField(_("about, in Thai"), max_length=5000, blank=True)
    about_en = models.TextField(_("about, in English"), max_length=5000, blank=True)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")

    class Meta:
        ordering = ["-year"]
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")

    def __str__(self) -> str:
        return gettext("Cohort %(year)s") % {"year": year(self.year)}
