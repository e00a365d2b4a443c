"""Where a page offers a list or a chart to take along."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("parts/_take.html", takes_context=True)
def take(context: dict[str, Any], of: str = "", count: int | None = None) -> dict[str, Any]:
    """Links to the list `of` as CSV and Excel, with the filter of the page; nothing where the door offers none.

    `count`, how many rows there are, takes away the link to Excel where they are too many.
    """
    request = context.get("request")  # a part that is drawn alone has none, and offers nothing
    offer = getattr(request, "offers", {}).get(of)
    too_many = bool(offer and count and count > offer.most)
    return {"request": request, "offer": offer, "of": of or None, "too_many": too_many}
