"""How a test sends a visitor's form: as a browser does, but without the seconds that a person takes to read it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.utils import timezone

from govlab.visitors import SALT

READING = timedelta(minutes=1)
"""How long a visitor looks at a form before sending it, unless a test says otherwise."""


def opened(ago: timedelta = READING) -> str:
    """What a form carries that was opened so long ago."""
    return signing.dumps((timezone.now() - ago).timestamp(), salt=SALT)


def tokens(response: Any) -> dict[str, str]:
    """What the form on this page carries besides its fields: its key and, moved back in time, when it was opened."""
    html = response.content.decode()
    key = re.search(r'name="form_key"\s+value="([^"]*)"', html)
    assert key, "the page holds no form of a visitor"
    return {"form_key": key[1], "opened": opened(), "website": ""}


def post(client: Any, url: str, /, *, ago: timedelta = READING, headers: Any = None, **answers: Any) -> Any:
    """Opens the form, waits so long as it seems to the portal, sends the answers; the response to them.

    Answers named `form_key`, `opened` or `website` stand for what the page gave; `headers` go with the sending.
    """
    sent = {**tokens(client.get(url)), "opened": opened(ago), **answers}
    return client.post(urlsplit(url).path, sent, headers=headers or {"Sec-Fetch-Site": "same-origin"})
