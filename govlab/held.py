"""Forms that could not be taken: given back with everything that was typed, instead of a bare refusal."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

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


def typed_texts(request: HttpRequest) -> list[str]:
    """What somebody typed among what was sent."""
    rows = [(name, value) for name, values in request.POST.lists() for value in values]
    return [value for name, value in rows if name not in UNTYPED and not CHOSEN.match(value)]


def may_be_held(request: HttpRequest) -> bool:
    """Whether a form may be shown again as it was sent: never one that holds a password."""
    return bool(request.POST) and not any("password" in name for name in request.POST)


def held_page(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    """A form that could not be taken now, with everything that was typed, ready to be sent again."""
    title, text = HELD[reason]
    kept = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
    match = request.resolver_match
    context = {
        "title": title,
        "text": text,
        "by_visitor": getattr(match.func, "csrf_exempt", False) if match else False,
        "kept": kept,
        "files": [(name, [file.name for file in sent]) for name, sent in request.FILES.lists()],
        "signed_out": reason == "signed_out",
        "typed": typed_texts(request) if reason == "gone" else [],
    }
    return render(request, "held.html", context, status=status)
