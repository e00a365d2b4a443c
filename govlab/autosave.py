"""Autosave at the doors: a form's script sends what is typed every few seconds, and the form opens with it again."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from govlab.held import SEEN, UNTYPED, typed_texts
from govlab.history import Gone
from govlab.models import Typed
from govlab.records import Record
from govlab.thai import BANGKOK, format_time
from govlab.typed import Elsewhere, Sent, TooMuch, Turn, forget_typed, keep_typed, typed_for

HEADER = "X-Autosave"
"""Marks a request of the script. With what was typed: "7;after=5", the number of this try and the last turn known."""
FORGET = "forget_typed"
TURN = re.compile(r"(\d{1,9});after=(\d{1,9})", re.ASCII)

REFUSALS: dict[str, tuple[int, Any]] = {
    "signed_out": (401, gettext_lazy("You were signed out. What you type is kept in this browser.")),
    "token": (403, gettext_lazy("You signed in again after this page was opened.")),
    "refused": (403, gettext_lazy("This is not kept: you may no longer write here. Copy your text from here.")),
    "gone": (404, gettext_lazy("What you are writing in is no longer there. Copy your text from here.")),
    "elsewhere": (
        409,
        gettext_lazy(
            "This form is open in another tab or on another machine, and was typed into there since. Nothing is kept "
            "from here any more: close this one and go on there, or choose which text to go on with."
        ),
    ),
    "sent": (409, gettext_lazy("This form was saved already.")),
    "too_much": (413, gettext_lazy("This is more text than can be kept. Shorten it, or attach it as a file.")),
    "unclear": (400, gettext_lazy("This could not be kept. Save it with the button.")),
}
REASONS: dict[type[Exception], str] = {
    Http404: "gone",
    Gone: "gone",
    PermissionDenied: "refused",
    TooMuch: "too_much",
    Sent: "sent",
}


def by_script(request: HttpRequest) -> bool:
    """Whether the script asks, which wants JSON and not a page."""
    return HEADER in request.headers


def refusal(reason: str, **more: Any) -> JsonResponse:
    """Why nothing was kept, for the script and in a sentence for people."""
    status, words = REFUSALS[reason]
    return JsonResponse({"reason": reason, "words": str(words), **more}, status=status)


def form_address(path: str) -> str:
    """A form's address without its language: the same form in both."""
    return path[3:] if path.startswith("/en/") else path


def refill(form: Any, answers: dict[str, list[str]]) -> int:
    """Puts what was typed into an unbound form, without a judgement on it; how many files are no longer there.

    A field that keeps something besides its value (files) brings that back itself, by `bring_back(data, name)`.
    """
    data, lost = QueryDict(mutable=True), 0
    for name, values in answers.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        sent = form.add_prefix(name)
        if hasattr(field, "bring_back"):
            lost += field.bring_back(data, sent)
        elif not field.widget.value_omitted_from_data(data, MultiValueDict(), sent):
            form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), sent)
    return lost


class Autosaved:
    """What a form gains by `autosaves = True`; for people who are signed in, and never for a form with a password."""

    autosaves = False
    request: HttpRequest
    thing: Any
    find: Any
    key: Any
    version: Any

    def typed_address(self) -> str:
        """By what the form's text is found again; override it where one address holds several forms."""
        return form_address(self.request.path_info)

    def typing(self) -> HttpResponse | None:
        """The answer to the script, or to who throws away what was typed; None for a form that is sent."""
        if not self.autosaves:
            return None
        if by_script(self.request):
            return self.autosave()
        if FORGET in self.request.POST:
            return self.throw_away()
        return None

    def autosave(self) -> JsonResponse:
        """Keeps what was typed."""
        request = self.request
        if not (found := TURN.fullmatch(request.headers[HEADER])):
            return refusal("unclear")
        answers: dict[str, Any] = {
            name: values
            for name, values in request.POST.lists()
            if name not in UNTYPED and "password" not in name.lower()
        }
        turn, now = Turn(page=self.key(), number=int(found[1]), after=int(found[2])), timezone.now()
        try:
            self.thing = self.find()
            base = self.version() if isinstance(self.thing, Record) else None
            row = keep_typed(request.user, self.typed_address(), answers, base=base, turn=turn, now=now)
        except Elsewhere as elsewhere:
            return refusal("elsewhere", turn=elsewhere.turn)
        except tuple(REASONS) as error:
            return refusal(next(reason for kind, reason in REASONS.items() if isinstance(error, kind)))
        at = row.saved_at.astimezone(BANGKOK)
        words = _("Kept at %(time)s") % {"time": format_time(at)}
        # Not kept: an older request, which a newer one of the same page had overtaken on its way.
        kept = row.saved_at == now
        return JsonResponse({"turn": row.turn, "kept": kept, "saved_at": at.isoformat(), "words": words})

    def throw_away(self) -> HttpResponse:
        """Forgets what was typed, as far as the page showed it."""
        forget_typed(self.request.user, self.typed_address(), seen=self._number(FORGET))
        messages.success(self.request, _("What you had typed is thrown away. The form is as it was saved last."))
        return redirect(self.request.get_full_path())

    def asked_fields(self) -> dict[str, Any]:
        """The fields that every such form has, by name; those it makes as it is opened are not among them."""
        return getattr(getattr(type(self), "form_class", None), "base_fields", {})

    def left_over(self, sentence: str, back: str) -> HttpResponse | None:
        """The page with what was typed into a form that can no longer be opened, and why; None where nothing was."""
        row = typed_for(self.request.user, self.typed_address())
        texts = typed_texts(row.answers.items(), self.asked_fields()) if row else []
        if row is None or not texts:
            return None
        title = _("What you typed here is not saved")
        context = {"title": title, "text": sentence, "typed": texts, "turn": row.turn, "back": back}
        return render(self.request, "held.html", context)

    def after_rule(self) -> None:
        """Forgets, in the rule's transaction, what is saved by it."""
        if self.autosaves and self.request.user.is_authenticated:
            forget_typed(self.request.user, self.typed_address(), seen=self._number(SEEN), page=self.key())

    def typed_context(self, form: Any) -> dict[str, Any]:
        """What the page needs; a form that is opened shows what was typed into it before."""
        user = self.request.user
        if not (self.autosaves and user.is_authenticated):
            return {}
        row = typed_for(user, self.typed_address())
        page: dict[str, Any] = {"owner": user.pk, "path": self.typed_address()}
        if form.is_bound:  # what was just sent is newer than what is kept
            return {"autosave": {**page, "turn": self._known(row), "was": self.key()}}
        if row is None:
            return {"autosave": {**page, "turn": 0}}
        page |= {"turn": row.turn, "since": row.saved_at, "lost": refill(form, row.answers)}
        page["moved"] = row.base != getattr(self.thing, "version", None)  # then saving shows both versions
        return {"autosave": page, "version": row.base}

    def _known(self, row: Typed | None) -> int:
        """The last turn that the page which was sent knows of: what it saved itself it knows."""
        return row.turn if row and row.page == self.key() != "" else self._number(SEEN)

    def _number(self, name: str) -> int:
        """A small number that was sent; what is none counts as 0."""
        sent = self.request.POST.get(name, "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
