"""Folded templates: what follows from the language alone is drawn once for each, and everything else each time."""

from typing import Any

import pytest
from django.template import Context, engines
from django.template.base import Node, NodeList, TextNode
from django.template.loader import get_template
from django.templatetags.i18n import TranslateNode
from django.urls import set_script_prefix
from django.utils import translation

from govlab import folding
from govlab.folding import Folded, fold

MIXED = """
<p>{% translate "Projects" %}</p>{% url "public:project-list" %}
{% if shown %}{% translate "Meetings" %} {{ name }}{% translate "Meetings" as later %}
{% else %}{% static "css/portal.css" %}{% endif %}
{% for each in many %}{% translate "Search" %}{% url "public:project-detail" each %}{% endfor %}
{% with word="News" %}{% translate word %}{{ later }}{% endwith %}{% translate "Projects"|lower %}
{% block own %}{% translate "Contact" %}{% endblock %}
"""


def made(text: str) -> Any:
    return engines["django"].engine.from_string(text)


def draws(template: Any, language: str, **more: Any) -> str:
    with translation.override(language):
        return str(template.render(Context({"name": "<ก>", "many": ["GL2562-1", "GL2562-2"], **more})))


@pytest.mark.parametrize("shown", [True, False])
def test_a_folded_template_draws_what_the_plain_one_draws_in_both_languages(shown: bool) -> None:
    plain, folded = made(MIXED), made(MIXED)
    fold(folded.nodelist)
    for _again in range(2):
        for language in ("th", "en"):
            assert draws(folded, language, shown=shown) == draws(plain, language, shown=shown)
    assert draws(folded, "th", shown=True) != draws(folded, "en", shown=True)


def test_what_is_steady_is_drawn_once_for_each_language_and_what_is_given_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template, drawn = made('a{% translate "News" %}b{{ name }}{% translate word %}'), []
    fold(template.nodelist)
    render = TranslateNode.render
    monkeypatch.setattr(TranslateNode, "render", lambda node, context: drawn.append(1) or render(node, context))
    for language in ("th", "en", "th", "en"):
        draws(template, language, word="Search")
    assert len(drawn) == 2 + 4
    assert [type(node) is Folded for node in template.nodelist] == [True, False, False]


def test_an_address_follows_where_the_portal_stands() -> None:
    template = made('{% url "public:project-list" %}')
    fold(template.nodelist)
    try:
        set_script_prefix("/lab/")
        assert draws(template, "th") == "/lab/projects/"
    finally:
        set_script_prefix("/")
    assert draws(template, "th") == "/projects/"


def test_letters_in_plain_text_are_not_escaped_by_what_a_page_kept() -> None:
    template = made('{% url "public:project-list" %}{% translate "You said, we did" %}')
    fold(template.nodelist)
    with translation.override("en"):
        assert [template.render(Context(autoescape=way)) for way in (True, False)] == [
            "/en/projects/You said, we did"
        ] * 2
    assert {key[2] for key in template.nodelist[0].kept} == {True, False}


def _inside(nodes: NodeList) -> list[Node]:
    return [each for node in nodes for each in (node, *(low for own in folding._lists(node) for low in _inside(own)))]


@pytest.mark.parametrize("name", ["base.html", "public/home.html", "public/projects/detail.html"])
def test_the_portals_templates_are_folded_when_they_are_loaded(name: str) -> None:
    nodes = _inside(get_template(name).template.nodelist)
    assert any(isinstance(node, Folded) for node in nodes)
    assert [node for node in nodes if not isinstance(node, TextNode) and folding._is_steady(node)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/privacy/", "/projects/", "/meetings/", "/accounts/login/"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_are_the_same_folded_and_plain(
    path: str, language: str, client: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAGES_MEMORY = 0
    folded = [client.get(language + path).content for _again in range(2)]
    monkeypatch.setattr(
        Folded, "render", lambda node, context: "".join(n.render_annotated(context) for n in node.nodes)
    )
    plain = client.get(language + path).content
    assert [without_tokens(each) for each in (*folded, plain)] == [without_tokens(plain)] * 3


def without_tokens(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line and b"form_key" not in line]
