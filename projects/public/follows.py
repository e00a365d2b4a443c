"""Following by e-mail: the form, the page that only the letters lead to, and the one click that ends it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import CookielessDoor, VisitorForm
from govlab.models import masked
from govlab.thai import known_language
from projects.following import called_in_letters, followed
from projects.forms.follows import FollowForm
from projects.models import FollowKind
from projects.rules import follows


class FollowAsk(VisitorForm):
    """The form; whatever stands here about the address, the answer is the same thanks."""

    form_class = FollowForm
    template_name = "public/follows/form.html"
    title = _("Follow by e-mail")
    button = _("Send me the letter of confirmation")
    purpose = "follow"
    times = 20
    ends = {"sent": _("Look into your letter box"), "left": _("You get no more of these letters")}
    """What is said after the form, and after leaving."""

    def find(self) -> None:
        """What is to be followed must be there for everybody to see."""
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        self.kind = asked.get("kind") or FollowKind.ALL
        self.target = follows.called_now(self.kind, asked.get("target", ""))
        try:
            follows.require_target(self.kind, self.target)
        except ValidationError:
            raise Http404 from None

    def form_kwargs(self) -> dict[str, Any]:
        """What is followed goes along with the form."""
        return {"initial": {"kind": self.kind, "target": self.target}}

    def context(self) -> dict[str, Any]:
        """What is followed, by its name."""
        return {**super().context(), "followed": followed(self.kind, self.target)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or what is said afterwards."""
        for end, title in self.ends.items():
            if end in request.GET:
                return render(request, "public/follows/end.html", {"title": title, "end": end})
        return super().get(request, *args, **kwargs)

    def rule(self, **answers: Any) -> None:
        """Asks the owner of the address."""
        about = called_in_letters(self.kind, self.target)
        follows.ask(self.kind, self.target, by=None, email=answers["email"], about=about, language=known_language())

    def next_page(self, result: None) -> str:
        """The same for everybody."""
        return reverse("public:follow") + "?sent=1"


class FollowPage(CookielessDoor):
    """What the address follows, opened by a letter's secret; before it is confirmed, the button that confirms it."""

    def ended(self) -> HttpResponse:
        """The page for a link that holds no longer."""
        return render(self.request, "public/follows/ended.html", {"title": _("This link holds no longer")}, status=404)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The page; it writes nothing, as letter boxes open links by themselves."""
        follow = follows.of_token(token)
        if follow is None:
            return self.ended()
        rows = follows.others_of(follow) if follow.confirmed_at else []
        context = {
            "title": _("What you follow") if rows else _("Confirm that you want to follow"),
            "address": masked(follow.email),
            "token": token,
            "followed": followed(follow.kind, follow.target),
            "rows": [(row.token, followed(row.kind, row.target)) for row in rows],
            "confirmed": "confirmed" in request.GET,
            "left": "left" in request.GET,
        }
        return render(request, "public/follows/page.html", context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Confirms it; a second time is as once."""
        try:
            follows.confirm(token, by=None)
        except ValidationError:
            return self.ended()
        return redirect(reverse("public:follow-page", args=[token]) + "?confirmed=1")


class FollowLeave(CookielessDoor):
    """Ends a follow by its letter's secret, with `all` all of its address; also as mail programs do (RFC 8058)."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Who opens the address instead of sending to it is led to the page with the buttons."""
        return redirect("public:follow-page", token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ends it, and says so also for what was ended before; a mail program is not led on."""
        everything = "all" in request.GET or "all" in request.POST
        left = follows.leave(token, by=None, everything=everything)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse("OK", content_type="text/plain")
        if left:
            return redirect(reverse("public:follow-page", args=[left.token]) + "?left=1")
        return redirect(reverse("public:follow") + "?left=1")
