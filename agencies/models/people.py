"""People: who they are, for which agency they work in which role, and the tokens of their programs."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.models.agencies import Agency
from govlab.records import History, Record


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the portal itself makes them through `agencies.rules.people`."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account with this address; without a password nobody can sign in until one is chosen by letter."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The first member of OPDC's staff, made from the shell."""
        return self.create_user(email, password, is_staff=True, **fields)


class Language(models.TextChoices):
    """The languages that letters are written in."""

    THAI = "th", _("Thai")
    ENGLISH = "en", _("English")


class User(AbstractBaseUser):
    """A person; signs in by e-mail. `is_staff` means one of OPDC's own people."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_staff = models.BooleanField(_("OPDC staff"), default=False)
    leads_desk = models.BooleanField(
        _("leads the desk"), default=False, help_text=_("Gets a letter when something waits too long for review.")
    )
    language = models.CharField(_("language of letters"), max_length=2, choices=Language, default=Language.THAI)
    letters_daily = models.BooleanField(_("one letter a day with everything in it"), default=False)
    letters_quiet = models.BooleanField(_("only letters about what is asked of me"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    objects = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login"], history_manager=History)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Addresses are kept in lower case, so that one person has one account."""
        super().clean()
        self.email = self.email.strip().lower()


class Role(models.TextChoices):
    """What a person may do for an agency."""

    REPORTER = "reporter", _("Reporter")
    LEAD = "lead", _("Lead")


class Membership(Record):
    """That a person works for an agency, and in which role."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("person"), related_name="memberships")
    agency = models.ForeignKey(Agency, models.CASCADE, verbose_name=_("agency"), related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.REPORTER)

    class Meta:
        ordering = ["agency__sort_key", "user__name", "pk"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"],
                name="one_role_per_agency",
                violation_error_message=_("This person already works for this agency."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.agency}"


class Scope(models.TextChoices):
    """How much of what its owner may do a token opens."""

    READ = "read", _("Only reading")
    REPORT = "report", _("Reading and reporting")
    EVERYTHING = "everything", _("Everything I may do")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Questions asked about tokens."""

    def valid(self, now: Any) -> "ApiTokenQuerySet":
        """Tokens that open the door at this moment."""
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)


class ApiToken(Record):
    """The key of a person's program: shown once when made, kept only as a SHA-256 digest."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=100)
    scope = models.CharField(_("what it opens"), max_length=10, choices=Scope, default=Scope.EVERYTHING)
    hint = models.CharField(max_length=8, editable=False)
    """The first characters, so that its owner can tell it from others."""
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        """Whether it opens the door now."""
        return self.revoked_at is None and self.expires_at > timezone.now()
