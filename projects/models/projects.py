"""A project: a public service that an agency and the people it serves redesign."""

from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.access import agencies_of, is_desk
from agencies.models import Agency, Source
from govlab.thai import pick
from projects.models.base import Part, PartQuerySet, Published, PublishedQuerySet
from projects.models.cohorts import Cohort
from projects.models.lookups import Facet, InnovationType, Lab, ServiceField
from projects.models.provinces import PROVINCES

STORY = tuple(
    f"{part}_{language}" for part in ("problem", "learned", "tried", "result", "used") for language in ("th", "en")
)
"""The columns of a project's story, in the order in which it is told."""


class PartKind(models.TextChoices):
    """What part an agency has in a project."""

    OWNER = "owner", _("Owner")
    PARTNER = "partner", _("Partner")
    SUPPORT = "support", _("Supporter")


REPORTING_PARTS = (PartKind.OWNER, PartKind.PARTNER)
"""Agencies with these parts see the project before it is public, and report on it."""


class ProjectQuerySet(PublishedQuerySet):
    """Questions asked about projects."""

    def visible_to(self, person: Any) -> Self:
        """Everybody: the published; an agency: also those it owns or is a partner in; staff: all."""
        if is_desk(person):
            return self
        own = ProjectAgency.objects.filter(agency__in=agencies_of(person), part__in=REPORTING_PARTS)
        return self.filter(Q(state="published") | Q(pk__in=own.values("project")))

    def reported_by(self, person: Any) -> Self:
        """Those that the person's agencies own or are a partner in: what they may report on."""
        own = ProjectAgency.objects.filter(agency__in=agencies_of(person), part__in=REPORTING_PARTS)
        return self.filter(pk__in=own.values("project"))


class Project(Published):
    """One project of a cohort; `current_stage` is settled from its stages by `rules.stages`."""

    _history_m2m_fields = ["types", "labs", "facets", "sources"]
    searched_in = ("code", "title_th", "title_en", "focus_th", "focus_en", "aim_th", "aim_en", "field", *STORY)

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^GL2[5-6]\d\d-\d{1,3}\Z", _("Type it like GL2562-3."))],
        help_text=_("GL, the cohort's year, a hyphen, the number: GL2562-3."),
        error_messages={"unique": _("Another project has this code.")},
    )
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="projects")
    title_th = models.CharField(_("title in Thai"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    field = models.ForeignKey(
        ServiceField, models.PROTECT, verbose_name=_("field of service"), null=True, blank=True, related_name="projects"
    )
    focus_th = models.TextField(_("what it looks at, in Thai"), max_length=5000, blank=True)
    focus_en = models.TextField(_("what it looks at, in English"), max_length=5000, blank=True)
    aim_th = models.TextField(_("what it aims at, in Thai"), max_length=5000, blank=True)
    aim_en = models.TextField(_("what it aims at, in English"), max_length=5000, blank=True)
    province = models.CharField(_("province"), max_length=2, choices=PROVINCES, blank=True)
    # its story, in the order in which it is told
    problem_th = models.TextField(_("whose problem it is, in Thai"), max_length=5000, blank=True)
    problem_en = models.TextField(_("whose problem it is, in English"), max_length=5000, blank=True)
    learned_th = models.TextField(_("what was learned, in Thai"), max_length=5000, blank=True)
    learned_en = models.TextField(_("what was learned, in English"), max_length=5000, blank=True)
    tried_th = models.TextField(_("what was tried, and with whom, in Thai"), max_length=5000, blank=True)
    tried_en = models.TextField(_("what was tried, and with whom, in English"), max_length=5000, blank=True)
    result_th = models.TextField(_("what came of it, in Thai"), max_length=5000, blank=True)
    result_en = models.TextField(_("what came of it, in English"), max_length=5000, blank=True)
    used_th = models.TextField(_("where it is used, in Thai"), max_length=5000, blank=True)
    used_en = models.TextField(_("where it is used, in English"), max_length=5000, blank=True)
    types = models.ManyToManyField(
        InnovationType, verbose_name=_("innovation types"), blank=True, related_name="projects"
    )
    labs = models.ManyToManyField(Lab, verbose_name=_("laboratories"), blank=True, related_name="projects")
    facets = models.ManyToManyField(Facet, verbose_name=_("facets of innovation"), blank=True, related_name="projects")
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="projects")
    agencies: models.ManyToManyField = models.ManyToManyField(Agency, through="ProjectAgency", related_name="projects")
    current_stage = models.PositiveSmallIntegerField(_("current stage"), null=True, editable=False, db_index=True)
    """None: not known; 0: none has begun; 1 to 4: the stage it is at; 5: all four are done."""

    found_as = (1, "project")
    found_with = ("agencies", "types", "field")
    found_along_with = ("updates",)
    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-cohort__year", "code"]
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        # Without it every page of a list sorts the whole cohort.
        indexes = [models.Index(fields=["cohort", "code"], name="projects_in_order")]

    def __str__(self) -> str:
        return pick(self, "title")

    def as_found(self) -> dict[str, Any]:
        """What the search knows of it."""
        texts = [getattr(self, name) for name in ("focus_th", "focus_en", "aim_th", "aim_en", *STORY)]
        for agency in self.agencies.all():
            texts += [f"{agency.name_th} {agency.short_th}", agency.name_en]
        for tag in filter(None, (self.field, *self.types.all())):
            texts += [tag.name_th, tag.name_en]
        titles = {"title_th": self.title_th, "title_en": self.title_en}
        return {"key": self.code, **titles, "names": [self.code], "texts": texts}

    def found_along(self) -> list[Any]:
        """Its updates are found once everybody may see the project."""
        return [update for update in self.updates.all() if update.state == "approved"]


class ProjectAgency(Part):
    """That an agency has a part in a project, and which."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="parts")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency"), related_name="parts")
    part = models.CharField(_("part"), max_length=10, choices=PartKind, default=PartKind.OWNER)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["part", "agency__sort_key", "pk"]  # owner, partner, support
        verbose_name = _("agency with a part")
        verbose_name_plural = _("agencies with a part")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "agency"],
                name="one_part_per_agency",
                violation_error_message=_("This agency already has a part in the project."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.get_part_display()}"

    def found_along(self) -> list[Project]:
        """The project is found by the names of its agencies."""
        return [self.project]
