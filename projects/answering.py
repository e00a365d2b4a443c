"""The forms and buttons around the themes of a call, the same on the desk and in the workspace: each is one rule."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.forms import ModelForm
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from govlab.doors import RuleButton, RuleConfirm, RuleForm
from projects.asking import AroundCall
from projects.forms.calls import ThemeAnswerForm, ThemeForm
from projects.models import Theme
from projects.rules import calls, themes

SAVED = gettext_lazy("The answer is saved.")
"""Of a theme that is shown once its call is."""


class ThemeAdding(AroundCall, RuleForm):
    """A new theme."""

    form_class = ThemeForm
    title = gettext_lazy("Add a theme")
    button = gettext_lazy("Save the theme")
    done_message = gettext_lazy("The theme is saved.")

    def find(self) -> None:
        """No record yet; the form is for whoever may add one."""
        calls.require_team(self.person, self.call())

    def rule(self, **answers: Any) -> Theme:
        """Adds it."""
        return themes.add(self.call(), by=self.person, **answers)


class ThemeEditing(AroundCall, RuleForm):
    """What people said, in other words."""

    form_class: type[ModelForm] = ThemeForm
    title = gettext_lazy("Edit the theme")
    button = gettext_lazy("Save the theme")
    done_message = gettext_lazy("The theme is saved.")

    def find(self) -> Theme:
        """The theme."""
        return self.theme()

    def rule(self, **answers: Any) -> Theme:
        """Changes it."""
        return themes.edit(self.thing, by=self.person, **answers)


class ThemeAnswering(ThemeEditing):
    """What the team answers."""

    form_class = ThemeAnswerForm
    autosaves = True
    title = gettext_lazy("Answer the theme")
    button = gettext_lazy("Save the answer")
    done_message: Any = gettext_lazy("The answer is saved. Show the theme when people may read it.")

    def form_kwargs(self) -> dict[str, Any]:
        """The theme, and who answers it: what they may not read is not offered."""
        return {**super().form_kwargs(), "person": self.person}

    def context(self) -> dict[str, Any]:
        """Which theme."""
        return {**super().context(), "intro": self.thing}

    def rule(self, **answers: Any) -> Theme:
        """Answers it; says whether people read the answer already."""
        theme = themes.answer(self.thing, by=self.person, **answers)
        if theme.shown:
            public = Theme.objects.visible_to(AnonymousUser()).filter(pk=theme.pk).exists()
            self.done_message = _("The new answer is saved, and people read it now.") if public else SAVED
        return theme


class ThemeRemoving(AroundCall, RuleConfirm):
    """Takes a theme out, after a question."""

    done_message = gettext_lazy("The theme is removed. Its voices stay.")

    def context(self) -> dict[str, Any]:
        """The question."""
        theme = self.theme()
        calls.require_team(self.person, theme.call)
        title = _("Remove this theme?")
        asked = {"title": title, "what": theme, "intro": _("Its voices stay; the history keeps what stood there.")}
        return {**asked, "button": _("Remove the theme"), "back": self.own_page(), "crumbs": self.crumbs(title)}

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        themes.remove(self.theme(), by=self.person)


class ThemeStepping(AroundCall, RuleButton):
    """Shows a theme or takes it back, moves it one place up or down."""

    def rule(self, **answers: Any) -> Theme:
        """One of the four."""
        theme, to = self.theme(), self.kwargs["to"]
        if to in themes.TO:
            return themes.move(theme, by=self.person, to=to)
        if to == "show":
            self.done_message = _("Everybody can read the theme and your answer now.")
            return themes.show(theme, by=self.person)
        if to == "unshow":
            self.done_message = _("The theme is off the public page. Nothing is lost.")
            return themes.unshow(theme, by=self.person)
        raise Http404

    def next_page(self, result: Any) -> str:
        """To the themes."""
        return f"{self.own_page()}#themes"
