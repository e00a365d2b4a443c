"""Forms that could not be taken: given back with everything that was typed, instead of a bare refusal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as lazy

FORM_KEY = "form_key"
"""The hidden field that makes two clicks one: the same key with the same answers is carried out once."""
UNTYPED = {"csrfmiddlewaretoken", FORM_KEY, "version"}
LONG = 20
"""From so many characters on, an answer is a text that nobody wants to type again."""

HELD = {
    "gone": (
        lazy("What you were writing in is no longer there"),
        lazy("Somebody removed it while you were typing, or it is not yours. Copy your text from here."),
    ),
    "signed_out": (
        lazy("You were signed out while you were typing"),
        lazy("Nothing is lost. Sign in on another tab, come back here and press the button."),
    ),
    "token": (
        lazy("Please send this form once more"),
        lazy("You signed in again after it was opened. Nothing is lost: press the button."),
    ),
}


def typed_texts(request: HttpRequest) -> list[str]:
    """The longer texts among what was sent."""
    rows = [(name, value) for name, values in request.POST.lists() for value in values]
    return [value for name, value in rows if name not in UNTYPED and len(value) >= LONG]


def held_page(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    """A form that could not be taken now, with everything that was typed, ready to be sent again."""
    title, text = HELD[reason]
    kept = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
    context = {
        "title": title,
        "text": text,
        "kept": kept,
        "files": [(name, [file.name for file in sent]) for name, sent in request.FILES.lists()],
        "signed_out": reason == "signed_out",
        "typed": typed_texts(request) if reason == "gone" else [],
    }
    return render(request, "held.html", context, status=status)
