"""The forms and buttons around a call's page, the same on the desk and in the workspace: each is one rule."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from govlab.doors import RuleButton, RuleForm
from projects.forms.calls import CallForm, ExtendForm
from projects.models import Call, Theme, Voice
from projects.rules import calls, themes, voices

MOST = 100
"""Voices that are decided or sorted at once."""
TYPED = {"reason": 20, "own_reason": 500, "new_theme": 300, "into": 20}
"""What stands beside the buttons on ticked voices, and how many characters of it a refusal brings back."""


class AroundCall:
    """A door on a call's page; desk and workspace say for which calls (`call`) and under whose addresses (`space`)."""

    space = ""
    kwargs: Any
    person: Any
    request: Any
    title: Any = ""

    def call(self) -> Call:
        """The call that the address names; 404 or 403 for whoever may not work on it."""
        raise NotImplementedError

    def theme(self) -> Theme:
        """The theme that the address names."""
        return get_object_or_404(self.call().themes.select_related("call__project"), pk=self.kwargs["theme"])

    def own_page(self) -> str:
        """The call's page."""
        return reverse(f"{self.space}:call-detail", args=[self.kwargs["pk"]])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way over the call."""
        return [(reverse(f"{self.space}:call-list"), _("Co-design")), (self.own_page(), _("Call")), ("", title)]

    def next_page(self, result: Any) -> str:
        """Back to the call."""
        return self.own_page()

    def back_page(self) -> str:
        """The call, where a refusal is shown."""
        return self.own_page()

    def context(self) -> dict[str, Any]:
        """The way back."""
        return {"back": self.own_page(), "crumbs": self.crumbs(self.title)}


class Adding(AroundCall, RuleForm):
    """A new call, as a draft."""

    form_class = CallForm
    autosaves = True
    title = gettext_lazy("Ask the public a question")
    button = gettext_lazy("Save the draft")
    done_message = gettext_lazy("The draft is saved. The public sees it once OPDC staff publish it.")

    def form_kwargs(self) -> dict[str, Any]:
        """Who asks, and the project that the link named."""
        return {"person": self.person, "initial": {"project": self.request.GET.get("project")}}

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse(f"{self.space}:call-list")
        return {"back": back, "crumbs": [(back, _("Co-design")), ("", self.title)]}

    def rule(self, **answers: Any) -> Call:
        """Adds it."""
        return calls.add(by=self.person, **answers)

    def next_page(self, result: Call) -> str:
        """Its page."""
        return reverse(f"{self.space}:call-detail", args=[result.pk])


class Editing(AroundCall, RuleForm):
    """A call that is there."""

    form_class = CallForm
    autosaves = True
    title = gettext_lazy("Edit the call")
    button = gettext_lazy("Save the call")
    done_message = gettext_lazy("The call is saved.")

    def find(self) -> Call:
        """The call, for whoever may edit it as it stands."""
        call = self.call()
        calls.require_right(calls.verb_for_editing(call), self.person, call)
        return call

    def form_kwargs(self) -> dict[str, Any]:
        """The call, and who edits it."""
        return {"instance": self.thing, "person": self.person}

    def rule(self, **answers: Any) -> Call:
        """Changes it."""
        return calls.edit(self.thing, by=self.person, **answers)


class Extending(AroundCall, RuleForm):
    """Makes an open call longer."""

    form_class = ExtendForm
    title = gettext_lazy("Make the call longer")
    button = gettext_lazy("Move the last day")
    done_message = gettext_lazy("The call stays open longer.")

    def find(self) -> Call:
        """The call, for whoever may make it longer."""
        call = self.call()
        calls.require_right("extend", self.person, call)
        return call

    def rule(self, **answers: Any) -> Call:
        """Moves its last day."""
        return calls.extend(self.thing, by=self.person, **answers)


# --- voices ----------------------------------------------------------------------------------------------------------
class OfVoices(AroundCall):
    """A button on voices that are ticked; each tick says in which version its voice was read: `number.version`."""

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """Number and version of each; the button beside a voice stands for this voice alone."""
        sent = self.request.POST
        one = sent.get("one", "")
        return [tuple(tick.partition(".")[::2]) for tick in ([one] if one else sent.getlist("voices")[:MOST])]

    def ticked(self, rows: Any) -> list[tuple[Voice, int]]:
        """The ticked ones among these rows, in their order, with the version that was read."""
        read = {number: version for number, version in self.ticks if number.isascii() and number.isdigit()}
        found = rows.filter(pk__in=[int(number) for number in read if len(number) < 19])
        versions = {row.pk: read[str(row.pk)] for row in found}
        return [
            (row, int(v) if v.isascii() and v.isdigit() and len(v) < 10 else -1)
            for row in found
            for v in [versions[row.pk]]
        ]

    def where(self) -> dict[str, str]:
        """What narrowed the list, so that it comes back as it was."""
        return {name: self.request.POST[name] for name in ("state", "theme", "page") if self.request.POST.get(name)}

    def next_page(self, result: Any) -> str:
        """The list as it was."""
        return f"{self.own_page()}?{urlencode(self.where())}#voices" if self.where() else f"{self.own_page()}#voices"

    def back_page(self) -> str:
        """The same with the ticks, and with what was typed or chosen beside the buttons."""
        ticked = [("ticked", number) for number, _version in self.ticks]
        typed = [(name, self.request.POST.get(name, "")[:most]) for name, most in TYPED.items()]
        kept = [(name, text) for name, text in typed if text]
        return f"{self.own_page()}?{urlencode([*self.where().items(), *ticked, *kept])}#voices"


class Deciding(OfVoices, RuleButton):
    """Shows, withholds or puts back several voices at once."""

    def rows(self) -> Any:
        """The voices that may be ticked here."""
        raise NotImplementedError

    def rule(self, **answers: Any) -> list[Voice]:
        """Decides each."""
        chosen, verb = self.ticked(self.rows()), self.request.POST.get("verb", "")
        if verb not in voices.STEPS:
            raise Http404
        if not chosen:
            raise ValidationError(_("Tick the voices first."))
        reason = self.request.POST.get("own_reason", "").strip() or self.request.POST.get("reason", "")
        done, moved = voices.decide_many(verb, chosen, by=self.person, reason=reason)
        self.done_message = " ".join(filter(None, (self.told(verb, len(done)), self.left(moved))))
        return done

    def told(self, verb: str, n: int) -> str:
        """What was done."""
        said = {
            "show": ngettext("%(n)s voice is shown now.", "%(n)s voices are shown now.", n),
            "withhold": ngettext(
                "%(n)s voice is withheld; the public reads why.", "%(n)s voices are withheld; the public reads why.", n
            ),
            "wait": ngettext("%(n)s voice waits again.", "%(n)s voices wait again.", n),
        }
        return said[verb] % {"n": n} if n else ""

    def left(self, n: int) -> str:
        """What was not, because somebody was faster."""
        text = ngettext(
            "%(n)s was decided by somebody else meanwhile and stays as it is.",
            "%(n)s were decided by somebody else meanwhile and stay as they are.",
            n,
        )
        return text % {"n": n} if n else ""


class Grouping(OfVoices, RuleButton):
    """Puts the ticked voices into a theme that is there or a new one, or takes them out of the one that is shown."""

    def rule(self, **answers: Any) -> Theme:
        """Sorts them."""
        call, sent = self.call(), self.request.POST
        chosen = [voice for voice, _version in self.ticked(Voice.objects.visible_to(self.person).filter(call=call))]
        if not chosen:
            raise ValidationError(_("Tick the voices first."))
        title = sent.get("new_theme", "").strip()
        if title:
            self.done_message = _("The theme is there, with the voices you ticked.")
            return themes.add(call, by=self.person, title_th=title, voices=chosen)
        number = sent.get("into", "") or sent.get("out_of", "")
        known = number.isascii() and number.isdigit() and len(number) < 19
        theme = call.themes.filter(pk=int(number)).first() if known else None
        if theme is None:
            raise ValidationError(_("Choose a theme, or write a new one."))
        if sent.get("out_of"):
            self.done_message = _("The voices are out of the theme.")
            return themes.ungroup(theme, by=self.person, voices=chosen)
        self.done_message = _("The voices are in the theme.")
        return themes.group(theme, by=self.person, voices=chosen)
