"""What a public page says of itself to other programs: addresses, a picture, a few words, schema.org."""

import html
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from govlab.thai import known_language
from projects.described import KINDS, LISTS, Context, Data, Kind

LONGEST = 200
"""Characters of a description; whoever shows it cuts it there anyway."""
SHARED_AT = (
    ("LINE", "https://social-plugins.line.me/lineit/share", "url", ""),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php", "u", ""),
    ("X", "https://x.com/intent/post", "url", "text"),
)
"""Where a page is shared: name, address, and what they call the page's address and its title."""
LOCALES = {"th": "th_TH", "en": "en_US"}
LONGEST_ADDRESS = 3000
"""Characters of an address that is shared with its filters: whoever sends more than boxes take has typed it there."""
NOT_ASKED = ("utm_", "fbclid", "gclid", "mc_", "igshid", "yclid", "msclkid")
"""How names begin under which other sites count those who come from them; they are no part of what a page shows."""


def door_of(request: HttpRequest) -> Any:
    """The view that answers here; None on a page that no view made."""
    match = request.resolver_match
    return getattr(match.func, "view_class", None) if match else None


def is_shared(request: HttpRequest | None) -> bool:
    """Whether the page is worth telling others of: it follows from its address alone, so everybody sees the same."""
    door = door_of(request) if request else None
    return bool(getattr(door, "kept", False) or getattr(door, "shared", False))


def origin(request: HttpRequest) -> str:
    """The portal's address as this visitor came to it, without a slash at its end."""
    return f"{request.scheme}://{request.get_host()}"


def addresses(request: HttpRequest) -> dict[str, str]:
    """The page in both languages, whole; of what was asked for only the number of the page of an unfiltered list."""
    path = request.path[3:] if request.path.startswith("/en/") else request.path
    page = request.GET.get("page", "")
    tail = (
        f"?page={page}" if list(request.GET) == ["page"] and page.isascii() and page.isdigit() and page != "1" else ""
    )
    return {"th": f"{origin(request)}{path}{tail}", "en": f"{origin(request)}/en{path}{tail}"}


def shared_address(request: HttpRequest, address: str) -> str:
    """What is sent to somebody who shall see the same: the page's address with its words, filters and page."""
    asked = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if value and not name.startswith(NOT_ASKED) and (name, value) != ("page", "1")
    ]
    whole = f"{address.partition('?')[0]}?{urlencode(asked)}" if asked else address
    return whole if len(whole) <= LONGEST_ADDRESS else address


def short(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def about_govlab() -> str:
    """What any page says that has nothing of its own to say."""
    return _(
        "Public services redesigned by agencies together with the people they serve: projects, how far each is, and "
        "what came of it."
    )


@dataclass(frozen=True)
class Head:
    """What stands in the head of one page."""

    title: str
    description: str
    addresses: dict[str, str]
    shared: str
    """The address that is shared and copied: of a list with its filters."""
    image: str
    data: list[Data]
    embed: str
    """The address of the card for other sites; empty where there is none."""

    @property
    def address(self) -> str:
        """The page's own."""
        return self.addresses[known_language()]

    @property
    def locale(self) -> str:
        """As Open Graph has it."""
        return LOCALES[known_language()]

    @property
    def other_locale(self) -> str:
        """That of the same page in the other language."""
        return LOCALES["th" if known_language() == "en" else "en"]

    @property
    def shares(self) -> list[tuple[str, str]]:
        """Names of other sites, and the plain links by which the page is shared there."""
        return [
            (name, f"{at}?{urlencode({url: self.shared, **({text: self.title} if text else {})})}")
            for name, at, url, text in SHARED_AT
        ]


def plain(markup: str) -> str:
    """The words of a title that was rendered for a page."""
    return " ".join(html.unescape(markup).split())


def head_of(request: HttpRequest, context: Context, title: str) -> Head:
    """What the page says of itself, from what its view gave to the template; asks the database nothing."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name == "search":
        title = _("Search")  # what somebody typed is on the page, and nothing that the page says of itself
    kind, home = KINDS.get(name or ""), origin(request)
    thing = context.get(kind.of) if kind else None
    found, at = addresses(request), known_language()
    description, image, embed = about_govlab(), reverse("public:card"), ""
    if kind and thing:
        description = short(kind.told(context)) or description
        if getattr(thing, "demo", False) or context.get("demo"):
            description = f"{_('Demonstration data')} · {description}"
        if kind.of == "project":
            image, embed = (reverse(f"public:project-{what}", args=[thing.code]) for what in ("card", "embed"))
    data = _data(kind if thing else None, context, home, address=found[at], title=title, description=description)
    shared = shared_address(request, found[at])
    return Head(title, description, found, shared, home + image, data, embed and home + embed)


def _data(kind: Kind | None, context: Context, home: str, *, address: str, title: str, description: str) -> list[Data]:
    """The page as schema.org has it: who publishes it, what it is, what it is about, where it lies."""
    publisher = {
        "@type": "GovernmentOrganization",
        "@id": f"{home}/#opdc",
        "name": _("Office of the Public Sector Development Commission (OPDC)"),
    }
    site = {
        "@type": "WebSite",
        "@id": f"{home}/#site",
        "name": "GovLab",
        "url": f"{home}/",
        "inLanguage": ["th", "en"],
        "publisher": {"@id": publisher["@id"]},
    }
    page: Data = {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": title,
        "description": description,
        "inLanguage": known_language(),
        "isPartOf": {"@id": site["@id"]},
    }
    if kind:
        page["mainEntity"] = {**kind.data(context, home), "url": address}
        if changed := context.get("changed") or getattr(context[kind.of], "updated_at", None):
            page["dateModified"] = changed.isoformat(timespec="seconds")
        steps = [("GovLab", reverse("public:home")), (LISTS[kind.under](), reverse(f"public:{kind.under}"))]
        crumbs = [*((name, home + link) for name, link in steps), (title, address)]
        page["breadcrumb"] = {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": n, "name": name, "item": link}
                for n, (name, link) in enumerate(crumbs, 1)
            ],
        }
    return [publisher, site, page]
