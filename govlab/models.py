"""What the tools themselves keep: forms carried out, forms being typed, letters to send."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Once(models.Model):
    """A form (or an API post) that was carried out; the same one again gets the first one's answer."""

    key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True)
    """None for a visitor: then the key alone says which form it was."""
    digest = models.CharField(max_length=64)
    """SHA-256 of what was sent: the same key with other content is not the same form."""
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="once_per_user_and_key"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(user=None), name="once_per_key_of_a_visitor"),
        ]

    def __str__(self) -> str:
        return self.key


class Edition(models.Model):
    """One row for each change of what the portal keeps; the sum of `steps` is the number of the edition.

    Rows are only added, so that no two writers wait for each other; `govlab.edition.compact` puts old ones into one.
    """

    steps = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.steps)


class Event(models.Model):
    """A change of a kept record, written in its transaction; it goes once it was looked at whom to tell of it."""

    model = models.CharField(max_length=80)
    """The record's model, such as "projects.project"."""
    entry = models.BigIntegerField()
    """The number of the change's row in the history of the model."""
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.model} {self.entry}"


class SearchEntry(models.Model):
    """What the search knows of one record: kept in step by `govlab.finding.index`, in the record's transaction."""

    id = models.BigIntegerField(primary_key=True)
    """The number of the kind and the record's own in one (`govlab.finding.entry_id`), newer records last."""
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    """The record's name in its address: a project's code, an agency's or a meeting's key, a number."""
    public = models.BooleanField()
    demo = models.BooleanField()
    title_th = models.TextField()
    title_en = models.TextField()
    text = models.TextField()
    """What else is searched, as it is shown; one paragraph in a line."""
    more = models.CharField(max_length=200)
    """What its address needs besides its key: of an update the project's code."""
    on = models.DateField(null=True)
    folded_title = models.TextField()
    folded_text = models.TextField()
    """Title and text by `govlab.finding.fold`."""

    class Meta:
        indexes = [models.Index(fields=["kind", "key"], name="search_by_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


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


def masked(address: str) -> str:
    """An e-mail address by which only its owner knows it: s•••@example.go.th."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}•••@{host}"


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
    leave = models.CharField(max_length=200, blank=True)
    """Where one POST ends such letters (RFC 8058), with `govlab.letters.MASK` where the secret stands.

    A letter that can be left goes to a follower, whose address is their own: staff read it masked.
    """
    secret = models.CharField(max_length=64, blank=True)
    """What the links of the letter hold in place of MASK, until it is sent; no page shows it."""
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

    @property
    def shown_address(self) -> str:
        """The address as staff read it: a follower's is masked."""
        return masked(self.address) if self.leave else self.address
