"""Templates whose steady parts are drawn once: what stands between two things that differ is one text a language.

Half of what a page is made of follows from the language alone: its words, the addresses of other pages, the names of
files. A template is folded as it is loaded: neighbours of that kind become one part, which keeps its text.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable
from django.template.defaulttags import IfNode, URLNode
from django.template.loaders import base, cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def _is_written(expression: FilterExpression) -> bool:
    """Whether the expression stands in the template as it is: a text or a number, with no filter."""
    var = expression.var
    return not expression.filters and (not isinstance(var, Variable) or (var.lookups is None and not var.translate))


def _is_steady(node: Node) -> bool:
    """Whether what the node draws follows from the language and the portal's address alone."""
    if isinstance(node, TranslateNode):
        return node.asvar is None and node.message_context is None and _is_written(node.filter_expression)
    if isinstance(node, URLNode):
        parts = [node.view_name, *node.args, *node.kwargs.values()]
        return node.asvar is None and all(map(_is_written, parts))
    if isinstance(node, StaticNode):
        return node.varname is None and _is_written(node.path)
    return type(node) is TextNode


class Folded(Node):
    """Steady neighbours as one part."""

    child_nodelists = ()

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.token, self.origin = self.nodes[0].token, self.nodes[0].origin
        self.kept: dict[Any, SafeString] = {}

    def render(self, context: Any) -> SafeString:
        """The text, drawn the first time."""
        key = get_language(), get_script_prefix(), context.autoescape
        text = self.kept.get(key)
        if text is None:
            text = self.kept[key] = self.nodes.render(context)
        return text


def _lists(node: Node) -> Iterator[NodeList]:
    """The lists of nodes inside a node."""
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        if isinstance(nodes := getattr(node, name, None), NodeList):
            yield nodes


def fold(nodes: NodeList) -> None:
    """Folds the list and every list inside it; a text alone is left as it is."""
    folded: list[Node] = []
    for steady, group in groupby(nodes, _is_steady):
        own = list(group)
        if steady and any(type(node) is not TextNode for node in own):
            folded.append(Folded(own))
            continue
        folded += own
        for node in own:
            for inside in _lists(node):
                fold(inside)
    nodes[:] = folded


class _Folding(base.Loader):
    def get_template(self, template_name: str, skip: Any = None) -> Any:
        template = super().get_template(template_name, skip)
        fold(template.nodelist)
        return template


class Loader(cached.Loader, _Folding):
    """Django's, which keeps every template; they are folded before anybody can draw them."""
