"""Template tags by which a public page tells others of itself: its head, links to share it, a QR code for paper."""

import json
from typing import Any

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from govlab.qr import path_of
from projects.heads import Head, head_of, is_shared, plain

register = template.Library()

KNOWN = "page_head"
"""Where a request remembers its page's head: it is needed on top of the page and at its end."""

MARKUP = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What could end a block of data in a page, as JSON writes it otherwise."""


@register.simple_tag(takes_context=True)
def page_head(context: Any) -> Head | None:
    """What the page says of itself; None for a page that is not shared: a form, a refusal, one made without a request.

    It stands in the template that has the page's block `title`, whose words it takes.
    """
    request = context.get("request")
    if not is_shared(request):
        return None
    if known := vars(request).get(KNOWN):
        return known
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block("title")
    title = plain(strip_tags(block.render(context))) if block else "GovLab"
    vars(request)[KNOWN] = head = head_of(request, context.flatten(), title)
    return head


@register.simple_tag
def data_block(data: list[dict[str, Any]]) -> SafeString:
    """The data as JSON-LD in the page; a browser runs nothing of that type, and nothing in it ends the block."""
    text = json.dumps({"@context": "https://schema.org", "@graph": data}, ensure_ascii=False, separators=(",", ":"))
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text.translate(MARKUP)))  # noqa: S308


@register.inclusion_tag("public/_qr.html")
def qr(address: str) -> dict[str, Any]:
    """The address as a QR code, on paper only."""
    drawing, side = path_of(address)
    return {"drawing": drawing, "side": side, "address": address}
