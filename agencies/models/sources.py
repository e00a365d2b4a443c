"""A document in which a fact stands; every fact names its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govlab.fields import AddressName
from govlab.records import Record
from govlab.thai import pick


class Source(Record):
    """A published document: a news page, an article, minutes."""

    key = AddressName(_("key"), max_length=60, unique=True)
    title_th = models.CharField(_("title in Thai"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    publisher_th = models.CharField(_("publisher in Thai"), max_length=200, blank=True)
    publisher_en = models.CharField(_("publisher in English"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        ordering = ["key"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return pick(self, "title")
