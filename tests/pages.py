"""A test client that reads every page it fetches as a strict browser and a screen reader would; a fault fails."""

import gzip
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from itertools import chain
from typing import Any
from urllib.parse import unquote, urlsplit

import html5lib
from django.test import Client

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# Elements whose whole text is asked for by a rule; the others need not gather it.
NAMED = frozenset(["a", "button", "label", "title", "h1", "h2", "h3", "h4", "h5", "h6"])
UNLABELLED_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "data", "xlink:href"})
DATA = "application/ld+json"
"""The type of a script element that holds data for other programs: no browser runs it."""
OUTGOING = frozenset({"https", "mailto", "tel"})

# html5lib's errors that are no fault of a page: none is known.
ALLOWED_PARSE_ERRORS: frozenset[str] = frozenset()


READ_BEFORE = bool(os.environ.get("TEST_DATABASE_URL"))
"""On PostgreSQL the same tests fetch the same pages again; they were read when the tests ran on SQLite."""


class PageError(AssertionError):
    """A page with faults; the message names the page and every fault with its line."""


class CheckedClient(Client):
    """Django's test client; every HTML page it fetches goes through `check_page`."""

    def request(self, **request: Any) -> Any:
        """Fetch as Django's client does; raises PageError where the page has a fault."""
        response = super().request(**request)
        if not READ_BEFORE:
            check_page(response)
        return response


def check_page(response: Any) -> None:
    """Raise PageError where `response` is an HTML page with a fault; anything that is no page passes unread."""
    if not is_page(response):
        return
    content = response.getvalue()
    if response.streaming:
        response.streaming_content = [content]  # reading used it up
    if response.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    html, request = content.decode(response.charset), response.wsgi_request
    origin = f"{request.scheme}://{request.META.get('HTTP_HOST') or request.META['SERVER_NAME']}"
    # Pages that differ in their tokens only are read once.
    if faults := faults_of(re.sub(r'(name="(?:csrfmiddlewaretoken|form_key)" value=")[^"]*', r"\1", html), origin):
        where = f"{request.method} {request.path} ({response.status_code})"
        raise PageError("\n  ".join([f"{where}: {len(faults)} faults", *faults]))


def is_page(response: Any) -> bool:
    """Whether a person would see this response as a page: HTML, not a download, not a fragment, not a redirect."""
    status, headers = response.status_code, response.headers
    fragment = any(name.lower().startswith("hx-") for name in headers) or "X-Fragment" in headers
    download = headers.get("Content-Disposition", "").startswith("attachment")
    # Without a body by nature; an empty 405 is Django's answer to what no link, form or address bar sends.
    method = response.wsgi_request.method
    bare = method in ("HEAD", "OPTIONS") or 300 <= status < 400 or status == 204
    bare = bare or (status == 405 and method != "GET" and not response.streaming and not response.content)
    return headers.get("Content-Type", "").startswith("text/html") and not (fragment or download or bare)


@lru_cache(maxsize=1000)
def faults_of(html: str, origin: str = "http://testserver") -> tuple[str, ...]:
    """Every fault of a page as "line N: what is wrong"; `origin` (scheme://host) is the page's own."""
    page = Page(html, origin)
    return (*parse_errors(html), *chain.from_iterable(rule(page) for rule in RULES))


@dataclass(slots=True)
class Element:
    """A start tag with what it holds: attributes ("" where without a value) and, for NAMED elements, its text."""

    tag: str
    attrs: dict[str, str]
    line: int
    parent: "Element | None"
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a screen reader says of the content: text, the names of pictures in it."""
        return " ".join("".join(self.words).split())

    @property
    def aria_name(self) -> str:
        """The name an aria attribute gives it; `ids` sees that the id is there."""
        return (self.attrs.get("aria-label", "") + self.attrs.get("aria-labelledby", "")).strip()

    def within(self) -> Iterator["Element"]:
        """The element itself, then each that it lies in, outwards."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


class Page(HTMLParser):
    """A page taken apart in one quick pass; nesting faults are html5lib's business."""

    def __init__(self, html: str, origin: str) -> None:
        super().__init__(convert_charrefs=True)
        self.origin = origin
        self.elements: list[Element] = []
        self.runs: list[tuple[str, Element | None, int]] = []  # pieces of text, what they lie in, their line
        self.inside: Element | None = None
        self.feed(html)
        self.close()

    def all(self, *tags: str) -> list[Element]:
        """The elements of these kinds, in order."""
        return [element for element in self.elements if element.tag in tags]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element; its name counts as text of those around it."""
        element = Element(tag, {name: value or "" for name, value in attrs}, self.getpos()[0], self.inside)
        self.elements.append(element)
        self._say(" " + (element.attrs.get("aria-label") or (element.attrs.get("alt", "") if tag == "img" else "")))
        if tag not in VOID:
            self.inside = element

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open element of that kind, with any left open in it."""
        for element in self.inside.within() if self.inside else ():
            if element.tag == tag:
                self.inside = element.parent
                return

    def handle_data(self, data: str) -> None:
        """Note a piece of text."""
        if self.inside is None or self.inside.tag not in ("script", "style"):
            self.runs.append((data, self.inside, self.getpos()[0]))
            self._say(data)

    def _say(self, words: str) -> None:
        for element in self.inside.within() if self.inside and words.strip() else ():
            if element.tag in ("select", "textarea"):
                return  # what can be chosen or was typed names nothing
            if element.tag in NAMED:
                element.words.append(words)


PIECE = re.compile(r"""(<!--.*?-->)|(<[a-zA-Z/!](?:"[^"]*"|'[^']*'|[^'"<>])*>)|([^<]+)|(<)""", re.DOTALL)
VALUE = re.compile(r"""(?<!type)="[^"&]*\"""")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def skeleton(html: str) -> str:
    """The page with its words and attribute values taken out: shorter, the same for many pages, wrong in the same way.

    Where a "<" stands by itself the page is given back whole.
    """
    if CONTROL.search(html):
        return html
    parts = []
    for comment, tag, text, stray in PIECE.findall(html):
        if stray:
            return html
        # An entity may be wrong: words with one stay.
        words = text if "&" in text else "x" if text.strip() else " "
        parts.append(comment or VALUE.sub('=""', tag) or words)
    return "".join(parts)


@lru_cache(maxsize=1000)
def parsed(html: str) -> tuple[tuple[int, str], ...]:
    """What html5lib finds wrong, as (line, its code for the error)."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return tuple((position[0], code) for position, code, _details in parser.errors if code not in ALLOWED_PARSE_ERRORS)


def parse_errors(html: str) -> list[str]:
    """What html5lib finds wrong with the page; the page itself is read only where its skeleton has a fault."""
    return [f"line {line}: HTML: {code}" for line, code in parsed(html)] if parsed(skeleton(html)) else []


def language_and_title(page: Page) -> Iterator[str]:
    """<html lang> says the language, one <title> outside of pictures says what the page is."""
    if not any(element.attrs.get("lang", "").strip() for element in page.all("html")):
        yield "line 1: <html> without lang"
    titles = [title for title in page.all("title") if not any(outer.tag == "svg" for outer in title.within())]
    if [bool(title.text) for title in titles] != [True]:
        yield f"line {titles[0].line if titles else 1}: one <title> with text is needed, found {len(titles)}"


def headings(page: Page) -> Iterator[str]:
    """One h1, before any other heading, and each heading at most one level deeper than the one before."""
    found = page.all("h1", "h2", "h3", "h4", "h5", "h6")
    count = sum(heading.tag == "h1" for heading in found)
    if count != 1:
        yield f"line 1: one <h1> is needed, found {count}"
    before = 0
    for heading in found:
        level = int(heading.tag[1])
        if level > before + 1:
            yield f"line {heading.line}: <{heading.tag}> comes after {f'<h{before}>' if before else 'no heading'}"
        before = level


def ids(page: Page) -> Iterator[str]:
    """Each id is there once, and whatever names an id names one that is there."""
    known: set[str] = set()
    for element in page.elements:
        if (name := element.attrs.get("id")) is not None:
            if name in known or not name.strip():
                yield f"line {element.line}: id {name!r} is empty or used twice"
            known.add(name)
    for element in page.elements:
        named = [name for key in ("aria-describedby", "aria-labelledby") for name in element.attrs.get(key, "").split()]
        if element.tag == "label" and "for" in element.attrs:
            named.append(element.attrs["for"])
        href = element.attrs.get("href", "")
        if element.tag == "a" and href.startswith("#") and href not in ("#", "#top"):
            named.append(unquote(href[1:]))
        for name in set(named) - known:
            yield f"line {element.line}: <{element.tag}> names {name!r}: no such id"


def forms(page: Page) -> Iterator[str]:
    """Each form has an action and a method."""
    for form in page.all("form"):
        if not form.attrs.get("action"):
            yield f"line {form.line}: <form> without action"
        if form.attrs.get("method", "").lower() not in ("get", "post", "dialog"):
            yield f"line {form.line}: <form> without method"


def labels(page: Page) -> Iterator[str]:
    """Whatever can be filled in has a label: around it, for it, or in an aria attribute."""
    labelled = {label.attrs.get("for") for label in page.all("label") if label.text}
    for control in page.all("input", "select", "textarea"):
        if control.tag == "input" and control.attrs.get("type", "").lower() in UNLABELLED_INPUTS:
            continue
        wrapped = any(outer.tag == "label" and outer.text for outer in control.within())
        if not (wrapped or control.attrs.get("id", "") in labelled or control.aria_name):
            yield f"line {control.line}: <{control.tag} name={control.attrs.get('name')!r}> without label"


def names(page: Page) -> Iterator[str]:
    """Buttons and links have words, pictures an alt (empty for a mere ornament)."""
    for element in page.all("a", "button"):
        if (element.tag == "button" or "href" in element.attrs) and not (element.text or element.aria_name):
            yield f"line {element.line}: <{element.tag}> without text"
    for element in page.all("img", "input"):
        kind = element.attrs.get("type", "").lower() if element.tag == "input" else "picture"
        if kind in ("picture", "image") and "alt" not in element.attrs:
            yield f"line {element.line}: <{element.tag}> without alt"
        if kind in ("submit", "reset", "button") and not element.attrs.get("value", "").strip():
            yield f"line {element.line}: <input type={kind}> without text"


def inline(page: Page) -> Iterator[str]:
    """No style and no script in the page itself: the content security policy would stop them."""
    for element in page.elements:
        runs = element.tag == "script" and element.attrs.get("type") != DATA and not element.attrs.get("src")
        if element.tag == "style" or runs:
            yield f"line {element.line}: <{element.tag}> in the page"
        for name, value in element.attrs.items():
            if name == "style" or name.startswith("on"):
                yield f"line {element.line}: <{element.tag} {name}=…>"
            if re.sub(r"[\x00-\x20]", "", value).lower().startswith("javascript:"):
                yield f"line {element.line}: <{element.tag} {name}> holds a javascript: address"


def addresses(page: Page) -> Iterator[str]:
    """Every address is on this host; only a plain link may lead out, over https, to a mailbox or a telephone."""
    for element in page.elements:
        found = [(name, value) for name, value in element.attrs.items() if name in ADDRESSES]
        found += [("srcset", part.split()[0]) for part in element.attrs.get("srcset", "").split(",") if part.strip()]
        for name, value in found:
            try:
                # A browser takes a backslash for a slash.
                parts = urlsplit(value.strip().replace("\\", "/"))
            except ValueError:
                parts = urlsplit("unreadable:")
            home = not (parts.scheme or parts.netloc) or f"{parts.scheme}://{parts.netloc}" == page.origin
            if not home and not (element.tag == "a" and name == "href" and parts.scheme in OUTGOING):
                yield f"line {element.line}: <{element.tag} {name}={value!r}> leads to another host"


def rendering(page: Page) -> Iterator[str]:
    """No template syntax and no bare None is left; what people typed into a field may hold anything."""
    for text, inside, line in page.runs:
        if inside is not None and inside.tag == "textarea":
            continue
        if "{{" in text or "{%" in text:
            yield f"line {line}: template syntax in the text: {text.strip()[:60]!r}"
        if text.strip() == "None":
            yield f"line {line}: None as text"
    for element in page.elements:
        for name, value in element.attrs.items():
            if ("{{" in value or "{%" in value) and (element.tag, name) != ("input", "value"):
                yield f"line {element.line}: template syntax in <{element.tag} {name}>: {value[:60]!r}"


RULES = (language_and_title, headings, ids, forms, labels, names, inline, addresses, rendering)
