"""A report filled in by a named colleague without an account, whom a link lets in to this one report."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.doors import RuleForm
from projects.forms.links import FillForm
from projects.models import ProgressUpdate
from projects.rules import links
from projects.rules.steps import STEPS

HEADERS = {
    "Cache-Control": "private, no-store",
    # The address is the key, so not even our own pages hear it; under "no-referrer" browsers post with `Origin: null`,
    # which no guard against foreign forms can tell from a foreign form.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


@method_decorator(login_not_required, name="dispatch")
class Fill(PublicDoor, RuleForm):
    """The form of one report, kept by one button; it asks for no cookie but the one that guards the form."""

    kept = False
    form_class = FillForm
    template_name = "public/fill/form.html"
    title = _("Fill in a progress report")
    button = _("Save the report")
    link: Any = None

    @property
    def person(self) -> Any:
        """Whoever made the link answers for what comes by it."""
        return self.link.made_by if self.link else AnonymousUser()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form, or the same words for every link that opens nothing."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Http404:
            response = render(request, "public/fill/shut.html", status=404)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    def find(self) -> ProgressUpdate:
        """The report of the link, as long as the link is valid."""
        self.link = links.opened_by(self.kwargs["token"])
        if self.link is None:
            raise Http404
        return self.link.update

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; once the report is sent, a sentence that says so."""
        self.thing = self.find()
        if self.thing.state not in STEPS["edit"].before:
            return render(request, "public/fill/shut.html", {"sent": True})
        return self.show(self.form_class(**self.form_kwargs()))

    def form_kwargs(self) -> dict[str, Any]:
        """The report, and for whom it is opened."""
        return {"instance": self.thing, "link": self.link}

    def context(self) -> dict[str, Any]:
        """For whom and until when, and whether it was just saved."""
        return {"link": self.link, "project": self.thing.project, "saved": "saved" in self.request.GET}

    def show(self, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        """The page with the form; two versions are compared with their readings, too."""
        if extra.get("compare") is not None:
            extra["compare"] += form.compared()
        return super().show(form, status, **extra)

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Writes it down; people of the agency read and send it."""
        return links.fill(self.link, **answers)

    def next_page(self, result: ProgressUpdate) -> str:
        """The form again, with the word that it is saved."""
        return reverse("public:fill", args=[self.kwargs["token"]]) + "?saved=1"
