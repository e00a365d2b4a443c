"""Template tags that doors share: navigation, the other language, buttons that carry out one rule."""

import uuid
from typing import Any

from django import template
from django.db import InterfaceError, OperationalError
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], name: str, label: str, *also: str, exact: bool = False) -> SafeString:
    """A link of the navigation, marked as current on its page and below it; below the pages named in `also`, too."""
    url = reverse(name)
    path = getattr(context.get("request"), "path", "")
    below = [reverse(other) for other in also] + ([] if exact else [url])
    current = path == url or path.startswith(tuple(below))
    return format_html('<a href="{}"{}>{}</a>', url, SafeString(' aria-current="page"') if current else "", label)


@register.filter
def frame(request: Any) -> str:
    """The base of a refusal or an account's page: the desk's or the workspace's for who is signed in, else public.

    Elsewhere nobody is asked who they are, so any cache may keep the page; nor where the database does not answer.
    """
    path = getattr(request, "path_info", "").removeprefix("/en")
    if not path.startswith(("/desk/", "/workspace/", "/accounts/")):
        return "base.html"
    try:
        person = getattr(request, "user", None)
        if not person or not person.is_authenticated:
            return "base.html"
    except (InterfaceError, OperationalError):
        return "base.html"
    at_desk = person.is_staff and not path.startswith("/workspace/")
    return "desk/base.html" if at_desk else "workspace/base.html"


@register.filter
def above(request: Any) -> str:
    """The nearest address above the request's that has a page."""
    path = request.path_info
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        try:
            view = getattr(resolve(path).func, "view_class", None)
        except Resolver404:
            continue
        if view and hasattr(view, "get") and "get" in view.http_method_names:
            break
    return path


@register.simple_tag(takes_context=True)
def other_language(context: dict[str, Any]) -> str:
    """The address of this page in the other language, with its filters; for a form that failed, its own page."""
    request = context["request"]
    path = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    if path == "/en" or path.startswith("/en/"):
        return path[3:] or "/"
    return f"/en{path}"


@register.inclusion_tag("parts/_post_button.html", takes_context=True)
def post_button(
    context: dict[str, Any], url: str, label: str, style: str = "", *, version: int | None = None, about: Any = ""
) -> dict[str, Any]:
    """A button that posts to one rule; two clicks on the same page carry it out once.

    `about` names its record for whoever hears the buttons of a list without seeing the rows.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "url": url,
        "label": label,
        "style": style,
        "version": version,
        "about": about,
        "form_key": uuid.uuid4().hex,
    }
