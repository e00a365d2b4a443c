"""What can be followed: how it is called, where it stands, what is new of it; and the letters that tell it at seven."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.models import Agency
from govlab.templatetags.thai import year
from projects import news
from projects.filters import ProjectFilter
from projects.models import Follow, FollowKind, Project
from projects.rules import follows
from projects.search import search

log = logging.getLogger(__name__)

MOST = 20
"""Entries that a letter holds of one thing; the page has the others."""
FOUND = 500
"""So many records of a saved search count as found."""
NEW = 1000
"""So many things are looked through for one that is followed."""
PAGES = {"projects": "public:project-list", "search": "public:search"}
"""The pages whose words and filters can be followed."""
UNSAVED = ("page", "order")
"""What stands in their addresses and filters nothing."""


@dataclass(frozen=True)
class Followed:
    """One thing that can be followed, in the active language: `name` says what, `url` where it stands."""

    kind: str
    target: str
    name: str
    url: str


@dataclass(frozen=True)
class Group:
    """What is new of one thing that is followed; `more` entries are left out."""

    followed: Followed
    entries: list[news.Entry]
    more: int


def saved(page: str, asked: Any) -> str:
    """The words and filters of a page's address (a QueryDict) as the target of a saved search; "" without any."""
    pairs = sorted((name, value) for name, values in asked.lists() for value in values if value and name not in UNSAVED)
    return f"{page}?{'&'.join(f'{_plain(name)}={_plain(value)}' for name, value in pairs)}" if pairs else ""


def _plain(text: str) -> str:
    """Thai as it is typed, not three signs for each byte: so a saved search has room for words."""
    return "".join(sign if sign.isalnum() or ord(sign) > 127 else quote(sign) for sign in text)


def parts_of(target: str) -> tuple[str, QueryDict]:
    """The page and the filters of a saved search; raises KeyError for none of PAGES."""
    page, _mark, asked = target.partition("?")
    if page not in PAGES or not asked:
        raise KeyError(target)
    return page, QueryDict(asked)


def followed(kind: str, target: str) -> Followed:
    """What the follow is about, as everybody may know it: what is not public (any more) is called by its code.

    Raises ValidationError for what was never there to follow, KeyError for no search.
    """
    target = follows.called_now(kind, target)
    if kind == FollowKind.PROJECT:
        project = Project.objects.public().filter(code=target).first()
        name = f"{target} {project}" if project else target
        return Followed(kind, target, name, reverse("public:project-detail", args=[target]))
    if kind == FollowKind.COHORT:
        name = _("Cohort %(year)s") % {"year": year(int(target))}
        return Followed(kind, target, name, reverse("public:cohort-detail", args=[target]))
    if kind == FollowKind.AGENCY:
        agency = Agency.objects.filter(key=target).first()
        return Followed(kind, target, str(agency or target), reverse("public:agency-detail", args=[target]))
    if kind == FollowKind.SEARCH:
        page, asked = parts_of(target)
        return Followed(kind, target, _search_name(page, asked), f"{reverse(PAGES[page])}?{asked.urlencode()}")
    return Followed(kind, "", _("All GovLab news"), reverse("public:news"))


def called_in_letters(kind: str, target: str) -> str:
    """What a letter to an address that nobody has confirmed calls it: in no word that a stranger chose to send there.

    Raises as `followed` does.
    """
    return str(FollowKind.SEARCH.label) if kind == FollowKind.SEARCH else followed(kind, target).name


def _search_name(page: str, asked: QueryDict) -> str:
    """The words in quotes and how many filters stand beside them."""
    words = " ".join(asked.get("q", "").split())
    filters = sum(bool(value) for name, values in asked.lists() for value in values if name != "q")
    where = _("Projects") if page == "projects" else _("Search")
    told = f"{where}: “{words}”" if words else str(where)
    counted = _("(filters: %(n)s)") % {"n": filters}
    return f"{told} {counted}" if filters else told


# --- what is new -----------------------------------------------------------------------------------------------------
def whats_new(follow: Follow, now: datetime) -> list[news.Entry]:
    """What became public of it since it was last told, and still is; the newest first."""
    target = follows.called_now(follow.kind, follow.target)
    narrowed: dict[FollowKind, dict[str, Any]] = {
        FollowKind.PROJECT: {"project": target},
        FollowKind.COHORT: {"cohort": int(target) if follow.kind == FollowKind.COHORT else None},
        FollowKind.AGENCY: {"agency": target},
    }
    new = news.latest(
        AnonymousUser(),
        NEW,
        since=follow.told_until,
        until=now,
        newest="at",
        **narrowed.get(FollowKind(follow.kind), {}),
    )
    return _matching(new, follow.target) if new and follow.kind == FollowKind.SEARCH else new


def _matching(new: list[news.Entry], target: str) -> list[news.Entry]:
    """Of these entries those about a record that the saved search finds."""
    page, asked = parts_of(target)
    if page == "projects":
        chosen = ProjectFilter(asked, queryset=Project.objects.public()).qs
        codes = set(chosen.filter(code__in={entry.project for entry in new}).values_list("code", flat=True))
        return [entry for entry in new if entry.project in codes]
    kinds = {kind for kind in asked.getlist("kind") if kind}
    hits = search(AnonymousUser(), asked.get("q", ""), FOUND)
    found = {(hit.kind, str(hit.id)) for hit in hits if not kinds or hit.kind in kinds}
    return [entry for entry in new if _record(entry) in found]


def _record(entry: news.Entry) -> tuple[str, str]:
    """The record that the search knows the entry by; calls and what became of them by their project."""
    if entry.kind in ("call", "theme"):
        return "project", entry.project
    if entry.kind in ("meeting", "minutes"):
        return "meeting", entry.key
    return entry.kind, entry.pk if entry.kind == "update" else entry.key


# --- the letters -----------------------------------------------------------------------------------------------------
def send_digests(now: datetime | None = None) -> int:
    """Writes to each address, once a day from seven on, what is new of all that it follows; how many letters.

    What goes wrong with one letter holds up no other.
    """
    now, sent = now or timezone.now(), 0
    for email in follows.due(now):
        try:
            sent += _tell(email, now)
        except (OperationalError, InterfaceError):
            raise  # the database is in trouble: the worker waits for it
        except Exception:
            log.exception("a letter to a follower could not be written")
    return sent


@transaction.atomic
def _tell(email: str, now: datetime) -> int:
    held = follows.held_due(email, now)
    if not held:
        return 0
    with translation.override(held[-1].language):
        groups = list(_grouped(held, now))
        count = sum(len(group.entries) + group.more for group in groups)
        return int(follows.tell(held, groups=groups, count=count, now=now) is not None)


def _grouped(held: Iterable[Follow], now: datetime) -> Iterable[Group]:
    """What is new under each thing that is followed; what stands under one is not told again under another."""
    told: set[str] = set()
    for follow in held:
        new = [entry for entry in whats_new(follow, now) if entry.name not in told]
        told |= {entry.name for entry in new}
        if new:
            yield Group(followed(follow.kind, follow.target), new[:MOST], len(new[MOST:]))
