"""What is published, to whom; a part of a project or a meeting follows its whole."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import is_desk
from govlab.records import Listed, Record


class PublishState(models.TextChoices):
    """Whether the public sees a record."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    HIDDEN = "hidden", _("Hidden")


class PublishedQuerySet(models.QuerySet[Any]):
    """Records that staff publish: the public sees those that are, staff see all."""

    def public(self) -> Self:
        """What everybody may see."""
        return self.filter(state=PublishState.PUBLISHED)

    def visible_to(self, person: Any) -> Self:
        """What this person may see."""
        return self if is_desk(person) else self.public()


class Published(Listed):
    """A record with a draft, published or hidden state, changed only by the verbs publish and hide."""

    sorted_by: tuple[str, ...] = ("title_th", "title_en")
    searched_in: tuple[str, ...] = ("title_th", "title_en")

    state = models.CharField(
        _("visibility"), max_length=10, choices=PublishState, default=PublishState.DRAFT, editable=False, db_index=True
    )

    class Meta:
        abstract = True


class PartQuerySet(models.QuerySet[Any]):
    """Parts of a whole: seen by whoever sees the whole, which `of` names."""

    of = "project"

    def visible_to(self, person: Any) -> Self:
        """The parts whose whole this person may see."""
        whole: Any = self.model._meta.get_field(self.of).related_model
        return self.filter(**{f"{self.of}__in": whole.objects.visible_to(person)})


class DeskQuerySet(models.QuerySet[Any]):
    """Records that are staff's own."""

    def visible_to(self, person: Any) -> Self:
        """Staff all; nobody else any."""
        return self if is_desk(person) else self.none()


class Part(Record):
    """A row that stands and falls with its whole."""

    class Meta:
        abstract = True
