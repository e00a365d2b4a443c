"""Forms that could not be taken: given back with everything that was typed, instead of a bare refusal."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

FORM_KEY = "form_key"
"""The hidden field that makes two clicks one: the same key with the same answers is carried out once."""
SEEN = "typed_turn"
"""The hidden field with the last turn of what was typed that the page has seen (see govlab.typed)."""
UNTYPED = {"csrfmiddlewaretoken", FORM_KEY, SEEN, "version"}
CHOSEN = re.compile(r"[a-z0-9_-]*\Z")
"""An answer that was chosen, not typed: a key, a number."""

HELD = {
    "busy": (
        gettext_lazy("The portal is busy just now"),
        gettext_lazy("It could not save for a moment. Nothing is lost: wait a little, then press the button."),
    ),
    "full": (
        gettext_lazy("The portal has no room left"),
        gettext_lazy("It could not save. Nothing you typed is lost: tell OPDC staff, wait, then press the button."),
    ),
    "gone": (
        gettext_lazy("What you were writing in is no longer there"),
        gettext_lazy("Somebody removed it while you were typing, or it is not yours. Copy your text from here."),
    ),
    "signed_out": (
        gettext_lazy("You were signed out while you were typing"),
        gettext_lazy("Nothing is lost. Sign in on another tab, come back here and press the button."),
    ),
    "token": (
        gettext_lazy("Please send this form once more"),
        gettext_lazy("You signed in again after it was opened. Nothing is lost: press the button."),
    ),
}


def typed_texts(
    sent: Iterable[tuple[str, list[str]]], fields: Mapping[str, Any], technical: Collection[str] = ()
) -> list[tuple[str, str]]:
    """What somebody typed among what was sent, each text with the label it was typed under.

    `fields` are the form's own; of one that it makes as it is opened the text has a label that fits all. What nobody
    sees is left out: hidden fields, and what only the portal reads (`technical`).
    """
    found = []
    for name, values in sent:
        field = fields.get(name)
        if name in UNTYPED or name in technical or (field and field.widget.is_hidden):
            continue
        told = str(field.label) if field and field.label else gettext("What you typed")
        written = isinstance(field, forms.CharField)  # a telephone number too, which looks like a key
        found += [(told, value) for value in values if value.strip() and (written or not CHOSEN.match(value))]
    return found


def may_be_held(request: HttpRequest) -> bool:
    """Whether a form may be shown again as it was sent: never one that holds a password."""
    return bool(request.POST) and not any("password" in name for name in request.POST)


def held_page(request: HttpRequest, reason: str, status: int, typed: Collection[tuple[str, str]] = ()) -> HttpResponse:
    """A form that could not be taken now, with everything that was typed, ready to be sent again.

    Where it can never be sent, `typed` are the texts to copy, from `typed_texts`.
    """
    title, text = HELD[reason]
    kept = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
    match = request.resolver_match
    context = {
        "title": title,
        "text": text,
        "by_visitor": getattr(getattr(match and match.func, "view_class", None), "cookieless", False),
        "kept": kept,
        "files": [(name, [file.name for file in sent]) for name, sent in request.FILES.lists()],
        "signed_out": reason == "signed_out",
        "typed": typed,
    }
    return render(request, "held.html", context, status=status)
