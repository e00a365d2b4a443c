"""Doors turn a request into one rule and its answer into a page: Door, RuleButton (one POST), RuleForm (one form)."""

import hashlib
import json
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from govlab.autosave import Autosaved
from govlab.compared import add_errors, compare
from govlab.held import FORM_KEY, UNTYPED, held_page, typed_texts
from govlab.history import Gone, Stale
from govlab.models import Once
from govlab.records import Record

REFUSED = "refused"
"""The name under which a request remembers that the page's own filter refused what a file was asked for."""


class Door(View):
    """A view that decides first whom it admits; what it then finds, it finds through `visible_to(self.person)`."""

    cache_control = "private, no-store"

    @property
    def person(self) -> Any:
        """Whoever stands at the door."""
        return self.request.user

    def admit(self, request: HttpRequest) -> None:
        """Raises PermissionDenied for whoever has no business at this door."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Admits, answers, and says who may keep the answer; raises Http404 where `?as=` asks for no file there is."""
        self.admit(request)
        response = super().dispatch(request, *args, **kwargs)
        if request.GET.get("as") and request.method in ("GET", "HEAD") and is_page(response):
            if not getattr(request, REFUSED, False):
                raise Http404
            response.status_code = 400
        response.headers.setdefault("Cache-Control", self.cache_control)
        return response

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page that says so, for whoever has the address of a button in the address bar."""
        bare = super().http_method_not_allowed(request, *args, **kwargs)
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = bare.headers["Allow"]
        return page


def is_page(response: HttpResponseBase) -> bool:
    """Whether it is a page that was found, to be read by people."""
    return response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")


def sentences(error: ValidationError) -> list[str]:
    """What a refusal says, as sentences for people."""
    return list(error.messages)


def digest_of(request: HttpRequest) -> str:
    """What was sent, as SHA-256: address, answers and files, without the tokens that differ by page."""
    answers = sorted((name, values) for name, values in request.POST.lists() if name not in UNTYPED)
    files = [(name, file.name, bytes_of(file)) for name, sent in sorted(request.FILES.lists()) for file in sent]
    return hashlib.sha256(json.dumps([request.path, answers, files]).encode()).hexdigest()


def bytes_of(file: UploadedFile) -> str:
    """The SHA-256 of a file's bytes; it is left at its beginning."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class SentBefore(Exception):
    """The same form was carried out before; `answer` says where it led, `same` whether the answers were the same."""

    def __init__(self, once: Once, same: bool) -> None:
        super().__init__("sent before")
        self.answer, self.same = once.answer, same


def first_time(user: Any, key: str, digest: str) -> Once:
    """Claims the key inside the running transaction; raises SentBefore for the second one.

    A second request with the same key waits here until the first has committed, and then sees its answer.
    """
    try:
        with transaction.atomic():
            return Once.objects.create(user=user, key=key, digest=digest)
    except IntegrityError:
        known = Once.objects.get(user=user, key=key)
        raise SentBefore(known, known.digest == digest) from None


class Posting(Door):
    """What a button and a form have in common: one POST carries out one rule, once."""

    done_message: Any = ""

    def rule(self, **answers: Any) -> Any:
        """Carries out the rule; the doors of the house fill this in with one line."""
        raise NotImplementedError

    def next_page(self, result: Any) -> str:
        """Where to go when it is done."""
        raise NotImplementedError

    def after_rule(self) -> None:
        """What else belongs into the rule's transaction."""

    def version(self) -> int:
        """The version that the page was opened with; what is missing or no number counts as the oldest."""
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def keeper(self) -> Any:
        """Under whose name a form that was carried out is remembered; None for a visitor."""
        return self.person

    def key(self) -> str:
        """The key of this form, empty when it has none; only what is printable, as PostgreSQL takes no NUL."""
        return "".join(filter(str.isprintable, self.request.POST.get(FORM_KEY, "")))[:64]

    def done_before(self) -> HttpResponse | None:
        """Where this very form led when it was carried out."""
        once = Once.objects.filter(user=self.keeper(), key=self.key(), digest=digest_of(self.request)).first()
        return redirect(once.answer["to"]) if once else None

    def carry_out(self, request: HttpRequest, **answers: Any) -> HttpResponse:
        """The rule, in one transaction with the note that this form was carried out."""
        key = self.key()
        with transaction.atomic():
            once = first_time(self.keeper(), key, digest_of(request)) if key else None
            result = self.rule(**answers)
            target = self.next_page(result)
            self.after_rule()
            if once:
                once.answer = {"to": target}
                once.save()
        if self.done_message:
            messages.success(request, self.done_message, extra_tags=key)  # by it the browser knows which form it was
        return redirect(target)


class RuleButton(Posting):
    """One POST = one rule. A refusal becomes a sentence on the page it came from."""

    http_method_names = ["post"]

    def back_page(self) -> str:
        """The page with the button, where a refusal is shown."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carries out the rule."""
        try:
            return self.carry_out(request)
        except SentBefore as before:
            return redirect(before.answer["to"])
        except Gone:
            raise Http404 from None
        except Stale:
            messages.error(request, _("Somebody changed this since you opened it. Look at it again, then decide."))
        except ValidationError as error:
            for sentence in sentences(error):
                messages.error(request, sentence)
        return redirect(self.back_page())


class RuleConfirm(RuleButton):
    """A page that says what will happen, and the one button that lets it happen.

    `rule` finds the record itself, so that a second click on what is gone leads where the first one led.
    """

    http_method_names = ["get", "post"]
    template_name = ""

    def context(self) -> dict[str, Any]:
        """What the page says: `title`, `intro`, `button`, `back`, `crumbs`.

        Where they help: `what` goes, the list of what goes `along` (empty: nothing does), the `url` to post to.
        """
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question."""
        return render(request, self.template_name, self.context())


class RuleForm(Autosaved, Posting):
    """One form = one rule: asks, carries out, and on a refusal shows the form again with everything typed.

    `find` gives the record that is edited (None when one is added). A record that moved on since the form was opened
    answers 409 with both versions; the form keeps the typed one. `autosaves` keeps what is typed every few seconds.
    """

    http_method_names = ["get", "post"]
    form_class: type[forms.BaseForm]
    template_name = ""
    title: Any = ""
    button: Any = ""
    thing: Any = None

    def find(self) -> Any:
        """The record to edit, through `visible_to`; None when the form adds one."""
        return None

    def technical(self) -> set[str]:
        """Names of what is sent besides the fields, which only the portal reads."""
        return set()

    def form_kwargs(self) -> dict[str, Any]:
        """What the form is made with besides data."""
        return {"instance": self.thing} if issubclass(self.form_class, forms.ModelForm) else {}

    def context(self) -> dict[str, Any]:
        """What the template needs besides the form."""
        return {}

    def show(self, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        """The page with the form."""
        context = {
            "form": form,
            "thing": self.thing,
            "title": self.title,
            "button": self.button,
            "form_key": uuid.uuid4().hex,
            "version": getattr(self.thing, "version", None),
            **self.context(),
            **self.typed_context(form),
            **extra,
        }
        return render(self.request, self.template_name, context, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, filled with what is there."""
        self.thing = self.find()
        return self.show(self.form_class(**self.form_kwargs()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Takes the answers; when their record is gone, gives the typed text back."""
        if answer := self.typing():
            return answer
        try:
            self.thing = self.find()
            return self.take(request)
        except (Http404, Gone):
            if typed := typed_texts(request.POST.lists(), self.asked_fields(), self.technical()):
                return held_page(request, reason="gone", status=404, typed=typed)
            raise Http404 from None

    def take(self, request: HttpRequest) -> HttpResponse:
        """Checks the answers and carries out the rule with them."""
        form = self.form_class(data=request.POST, files=request.FILES, **self.form_kwargs())
        if not form.is_valid():
            return self.done_before() or self.refused(form)  # the first of two clicks took the code that both ask for
        answers = dict(form.cleaned_data)
        if isinstance(self.thing, Record):
            answers["version"] = self.version()
        try:
            return self.carry_out(request, **answers)
        except SentBefore as before:
            if before.same:
                return redirect(before.answer["to"])
            return self.show(form, 409, sent_before=before.answer["to"])
        except Stale as stale:
            return self.show(form, 409, compare=compare(form, stale.current), version=stale.current.version)
        except ValidationError as error:
            add_errors(form, error)
            return self.refused(form)

    def refused(self, form: Any) -> HttpResponse:
        """The form with its errors; the version stays the one it was opened with."""
        return self.show(form, 400, version=self.request.POST.get("version"))
