"""What the tools themselves keep: forms carried out, forms being typed, letters to send."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Typed(models.Model):
    """What a person has typed into a form and not saved yet; the form finds it again on whatever machine they use."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    """The form's address without language and query."""
    answers = models.JSONField(default=dict)
    """Lists of strings by field name, as a browser sends them; no token, no file."""
    base = models.IntegerField(null=True)
    """The version of the record that the form was opened with; None when it adds one."""
    turn = models.PositiveIntegerField(default=0)
    """Counts the savings, so that a second tab with older text cannot overwrite newer text in silence."""
    page = models.CharField(max_length=64, default="")
    """The key of the opened form that saved last: it may go on without having heard the answer."""
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="typed_once_per_user_and_form")]

    def __str__(self) -> str:
        return self.path


class LetterState(models.TextChoices):
    """Where a letter is on its way."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    RETRY = "retry", _("Waiting to be tried again")
    FAILED = "failed", _("Could not be sent")
    SENT = "sent", _("Sent")


class Letter(models.Model):
    """A letter in the outbox: written in the transaction of what it tells of, sent by the worker, at least once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="letters")
    address = models.EmailField()
    kind = models.CharField(max_length=40)
    """The letter's template in templates/emails/."""
    outside = models.BooleanField(default=False)
    """Goes to somebody who has no account."""
    key = models.CharField(max_length=120, blank=True)
    """What it must not be written twice for, such as "due_soon:17:2"; empty where each one counts."""
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    digest = models.BooleanField(default=False)
    """Goes into the next daily letter instead of on its own way."""
    within = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="parts")
    """The daily letter it went into."""
    state = models.CharField(max_length=8, choices=LetterState, default=LetterState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    """Why the last try failed: a key of `govlab.outbox.TROUBLE` and the number that the mail server gave."""
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="letters_to_send")]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="one_letter_per_key"),
        ]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return self.subject
