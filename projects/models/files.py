"""What every kept file has: its bytes lie under their SHA-256, the name people gave it stands here."""

import uuid
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from govlab.records import Record
from govlab.thumbnails import PICTURES


class StoredFile(Record):
    """A file that belongs to a record; its address cannot be guessed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("file name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=10)
    """The ending, which is also a key of `govlab.files.KINDS`."""
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a thumbnail can be made of it."""
        return self.kind in PICTURES

    @property
    def stem(self) -> str:
        """Its name without the ending."""
        return Path(self.name).stem
