"""What the tools themselves keep: which forms were already carried out."""

from django.conf import settings
from django.db import models


class Once(models.Model):
    """A form (or an API post) that was carried out; the same one again gets the first one's answer."""

    key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    """SHA-256 of what was sent: the same key with other content is not the same form."""
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="once_per_user_and_key")]

    def __str__(self) -> str:
        return self.key
