"""Whom each door admits: the public one everybody, the workspace people of agencies, the desk OPDC's staff."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from agencies.access import agencies_of, is_desk, require_desk
from govlab import pages, visitors
from govlab.doors import Door, RuleForm


@method_decorator(login_not_required, name="dispatch")
class PublicDoor(Door):
    """Everybody is a visitor here, signed in or not: so a page holds no private byte and any cache may keep it."""

    cache_control = "public, max-age=0, must-revalidate"
    kept = True
    """Whether the page follows from what the portal keeps and its address alone."""

    @property
    def person(self) -> Any:
        """A visitor, whoever it is."""
        return AnonymousUser()

    def admit(self, request: HttpRequest) -> None:
        """Admits everybody."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, made once for each edition of the portal."""
        make = partial(super().dispatch, request, *args, **kwargs)
        return pages.keeping(request, make) if self.kept else make()


@method_decorator(csrf_exempt, name="dispatch")
class CookielessDoor(PublicDoor):
    """Takes what visitors send without a cookie, so without Django's token: each door says what guards it instead."""

    cookieless = True
    kept = False
    cache_control = "private, no-store"


class VisitorForm(CookielessDoor, RuleForm):
    """One form that visitors send without an account and without a cookie, on a page of its own.

    What guards it: it must come from one of our pages, not sooner than a person reads it, a field that people do not
    see stays empty, and one address sends at most `times` in `within`. The same form twice is carried out once.
    """

    purpose = ""
    """What is counted for each address, such as "voice"."""
    times, within = 20, timedelta(hours=1)
    largest = 2 * 1024 * 1024
    """Bytes: a text of 100,000 Thai letters is told its length; no file belongs here, so none is read."""
    trap = "website"
    """The field that only programs fill in."""

    def keeper(self) -> None:
        """Forms of visitors are remembered by their key alone."""
        return

    def context(self) -> dict[str, Any]:
        """What the form carries besides its fields."""
        return {"opened": visitors.opened_before(self.request.POST.get("opened", "")), "trap": self.trap}

    def technical(self) -> set[str]:
        """When it was opened, and the field that people do not see."""
        return {"opened", self.trap}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Takes what is sent, unless it is larger than any answer: then not a byte of it is read."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.largest:
            return render(request, "413.html", {"most": self.largest // 1024**2, "text_only": True}, status=413)
        return super().post(request, *args, **kwargs)

    def guard(self) -> None:
        """Raises ValidationError with a sentence for what looks like no person, PermissionDenied for a foreign page."""
        if not visitors.from_our_page(self.request):
            raise PermissionDenied(_("This form was not sent from this portal."))
        if self.request.POST.get(self.trap):
            raise ValidationError(_("Leave the field that asks for nothing empty, then send it again."), code="trap")
        visitors.require_patience(self.request.POST.get("opened", ""))

    def take(self, request: HttpRequest) -> HttpResponse:
        """Checks who sends it before what is sent; a refusal keeps what was typed."""
        form = self.form_class(data=request.POST, files=request.FILES, **self.form_kwargs())
        try:
            self.guard()
        except ValidationError as refusal:
            form.is_valid()
            form.add_error(None, refusal)
            return self.refused(form)
        if done := self.done_before():
            return done
        if not visitors.allow(request, self.purpose, self.times, self.within):
            form.is_valid()
            form.add_error(None, _("A lot was sent from your address. Wait an hour, then send it again."))
            return self.show(form, 429)
        return super().take(request)


class WorkspaceDoor(Door):
    """People who work for an agency; OPDC's staff too, for the agencies they belong to."""

    def admit(self, request: HttpRequest) -> None:
        """Admits whoever works for an agency."""
        if not (is_desk(request.user) or agencies_of(request.user).exists()):
            raise PermissionDenied(_("You do not work for any agency yet. Ask your agency's lead or OPDC staff."))


class DeskDoor(Door):
    """OPDC's staff."""

    def admit(self, request: HttpRequest) -> None:
        """Admits staff."""
        require_desk(request.user)


class AccountDoor(Door):
    """Whoever is signed in, about their own account."""

    def admit(self, request: HttpRequest) -> None:
        """Admits whoever is signed in; the others were sent to sign in before."""
