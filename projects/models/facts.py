"""What the facts file brought in, so that a second loading knows what people have changed since."""

from django.db import models


class LoadedFact(models.Model):
    """One record of the facts file: where it went and the values it was loaded with."""

    name = models.CharField(max_length=200, unique=True)
    """The path in the file: `projects/GL2562-3`, `meetings/subcommittee-3-2564/agenda/1`."""
    object_id = models.CharField(max_length=40)
    values = models.JSONField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
