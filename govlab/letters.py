"""Letters by e-mail: plain text from `templates/emails/`, sent once the change they tell of is certain."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template import Context, Engine


def _text(name: str, context: dict[str, Any]) -> str:
    template = Engine.get_default().get_template(f"emails/{name}.txt")
    return template.render(Context(context, autoescape=False)).strip()  # plain text has nothing to escape


def send(letter: str, to: list[str], **context: Any) -> None:
    """Writes `<letter>_subject.txt` and `<letter>.txt` now and sends them when the transaction commits.

    A mail server that fails is no reason to take the change back, so it is passed over in silence.
    """
    context["portal"] = settings.PORTAL_URL
    subject = " ".join(_text(f"{letter}_subject", context).split())
    text = _text(letter, context) + "\n"
    transaction.on_commit(lambda: send_mail(subject, text, None, to, fail_silently=True))
