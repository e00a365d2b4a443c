"""How forms are drawn: what stands where nothing is chosen, and what two versions say of it."""

import pytest
from django import forms
from django.utils.translation import override

from govlab.compared import compare
from govlab.forms import Renderer
from projects.models import Project

CHOICES = [("", "---------"), ("a", "A"), ("More", [("b", "B")])]


class Chosen(forms.Form):
    default_renderer = Renderer()
    needed = forms.ChoiceField(choices=CHOICES)
    free = forms.ChoiceField(choices=CHOICES, required=False)


@pytest.mark.parametrize(
    ("language", "needed", "free"), [("th", "โปรดเลือก", "ยังไม่ระบุ"), ("en", "Choose one", "Not stated")]
)
def test_where_nothing_is_chosen_a_word_stands(language, needed, free):
    with override(language):
        form = Chosen({"free": "b"})
        drawn = [str(form[name]) for name in ("needed", "free")]
    assert f'<option value="" selected>{needed}</option>' in drawn[0]
    assert f'<option value="">{free}</option>' in drawn[1]
    assert '<option value="b" selected>B</option>' in drawn[1]


def test_two_versions_say_nothing_of_what_was_not_chosen():
    class Sought(forms.Form):
        title_en = forms.ChoiceField(choices=CHOICES, required=False)

    form = Sought({"title_en": ""})
    assert form.is_valid()
    (row,) = compare(form, Project(title_en="a"))
    assert (row["before"], row["after"]) == ("A", "")
