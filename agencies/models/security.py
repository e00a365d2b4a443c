"""What happened around accounts: who signed in, who failed to, whose password changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SecurityKind(models.TextChoices):
    """What happened."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
    SIGNED_OUT = "signed_out", _("Signed out")
    PASSWORD_CHANGED = "password_changed", _("Changed the password")
    PASSWORD_RESET = "password_reset", _("Chose a new password by letter")
    RESET_ASKED = "reset_asked", _("Asked for a letter to choose a password")


class SecurityEvent(models.Model):
    """One of them; only ever added. Holds no password, no session key and no network address."""

    only_grows = "user_id"
    """The database refuses to change a row; but for this column, which an account that is deleted leaves empty."""

    kind = models.CharField(_("what"), max_length=20, choices=SecurityKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="security_events")
    happened_at = models.DateTimeField(_("when"), db_index=True)

    class Meta:
        ordering = ["-happened_at", "-pk"]
        verbose_name = _("security event")
        verbose_name_plural = _("security events")

    def __str__(self) -> str:
        return self.get_kind_display()
