"""What visitors think of a project, in one to five stars and a short comment, and how often a project is looked at."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.access import is_desk
from govlab.fields import random_id
from projects.models.base import PublishState
from projects.models.calls import Moderation, Written, team_projects
from projects.models.projects import Project


class RatingQuerySet(models.QuerySet["Rating"]):
    """Questions asked about ratings."""

    def visible_to(self, person: Any) -> Self:
        """Everybody: those whose comment is shown, of a published project; the project's team and staff: all."""
        if is_desk(person):
            return self
        shown = Q(state=Moderation.SHOWN, project__state=PublishState.PUBLISHED)
        return self.filter(shown | Q(project__in=team_projects(person)))

    def counted(self) -> Self:
        """Those whose stars count: all but what was withheld as a whole, such as abuse."""
        return self.exclude(state=Moderation.WITHHELD, comment="")

    def waiting(self) -> Self:
        """Those whose comment nobody has looked at, the longest waiting first."""
        return self.filter(state=Moderation.WAITING).exclude(comment="").order_by("created_at", "pk")


class Rating(Written):
    """One visitor's stars for a project; the stars count at once, the comment shows once somebody has decided."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    project = models.ForeignKey(Project, models.PROTECT, related_name="ratings")
    stars = models.PositiveSmallIntegerField(_("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.TextField(_("a short comment"), max_length=1000, blank=True)
    language = models.CharField(max_length=2, default="th", editable=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return f"{self.stars}"


class Rater(models.Model):
    """Who gave a rating, as far as it can be told: a keyed digest (`govlab.visitors.mark`), in no history."""

    rating = models.OneToOneField(Rating, models.CASCADE, primary_key=True, related_name="rater")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    visitor = models.CharField(max_length=64)
    rated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "visitor"], name="one_rating_per_visitor")]

    def __str__(self) -> str:
        return self.visitor


class Seen(models.Model):
    """How often a project's page was looked at on one day (Bangkok's); of whom nothing is kept."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="seen")
    on = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "on"], name="seen_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.times}"
