"""How allauth fits in here: nobody signs up alone, everybody lands where their work is."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import is_desk
from agencies.models import SecurityKind
from agencies.rules import security
from govlab import letters, outbox


class Adapter(DefaultAccountAdapter):
    """Accounts are made by staff and leads; guessing is counted per account and address together."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail or the password is not right. Check both and try again."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Wait five minutes, or choose a new password by letter."
        ),
        "enter_current_password": gettext_lazy("This is not your password now. Type it again."),
    }

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Says that the password is changed; that somebody is signed in or out, the page shows by itself."""
        if message_template == "account/messages/password_changed.txt":
            messages.success(request, _("The password is changed."))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """To the public pages, in the language of the moment."""
        return reverse("public:home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account."""
        return reverse("account:home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends allauth's own letters at once: their links are secrets, so they stand in no outbox.

        One that fails gets the same answer as one that is sent, which tells nobody who has an account here; but staff
        see among the letters that it failed, without its text, and the person asks once more.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except Exception as error:  # whatever a mail server does
            letters.note_unsent(
                template_prefix.rpartition("/")[2],
                context.get("user"),
                address=email,
                subject=_("GovLab: choose a new password"),
                error=outbox.trouble_of(error),
            )

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account alone."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to the desk, the others to the workspace of their agency."""
        return reverse("desk:home" if is_desk(request.user) else "workspace:home")

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> Any:
        """Notes that somebody asked for the letter, and sends it."""
        security.note(SecurityKind.RESET_ASKED, user)
        return super().send_password_reset_mail(user, email, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the letter, under the portal's own address whatever host the request named."""
        uid, _hyphen, token = key.partition("-")
        return settings.PORTAL_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Counts failures for an account from one address, so that nobody locks another out from elsewhere."""
        return f"{self.get_client_ip(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"
