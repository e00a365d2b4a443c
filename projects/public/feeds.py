"""The news as Atom feeds: of everything, of a cohort, a project, an agency; in both languages."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, linebreaks
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from agencies.doors import PublicDoor
from agencies.models import Agency
from govlab.thai import known_language
from projects import news
from projects.following import Followed, followed
from projects.models import Cohort, FollowKind, Project
from projects.public.renamed import lead_on

NEWEST = 30
LONGEST = 1200
"""Characters of an entry's text; the page has the rest."""
BEFORE_ALL = datetime(2018, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed: GovLab began in that year."""


def tag(name: str) -> str:
    """What something is called for ever (RFC 4151), at whatever address it is read."""
    return f"tag:{urlsplit(settings.PORTAL_URL).hostname},2018:{name}"


class Atom(Atom1Feed):
    """Atom that follows from its entries alone: the same entries are the same bytes."""

    def latest_post_date(self) -> datetime:
        """When the newest entry became public."""
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)


class Entries(Feed):
    """What the feed says of its subject and of each entry."""

    feed_type = Atom

    def __init__(self, subject: Followed, entries: list[news.Entry], own_url: str) -> None:
        super().__init__()
        self.subject, self.entries = subject, entries
        self.feed_url, self.language = own_url, known_language()

    def title(self) -> str:
        """Of what it is the news."""
        return f"GovLab: {self.subject.name}"

    def subtitle(self) -> str:
        """What stands in it."""
        return _("What really happened: reports that were approved, meetings, minutes, calls and what came of them.")

    def link(self) -> str:
        """The page about its subject."""
        return self.subject.url

    def feed_guid(self) -> str:
        """The same in both languages, but for the language."""
        return tag(f"feed/{self.subject.kind}/{self.subject.target}/{self.language}")

    def author_name(self) -> str:
        """Who publishes it."""
        return _("Office of the Public Sector Development Commission (OPDC)")

    def items(self) -> list[news.Entry]:
        """The newest entries."""
        return self.entries

    def item_title(self, item: news.Entry) -> str:
        """Its kind and headline; what is demonstration says so."""
        told, demo = f"{item.label}: {item.title}", _("Demonstration data")
        return f"{told} ({demo})" if item.demo else told

    def item_description(self, item: news.Entry) -> str | None:  # type: ignore[override]
        """Its text as HTML, in which what people typed stays text; None where nothing is told."""
        text = item.text.strip()
        return linebreaks(escape(Truncator(text).chars(LONGEST))) if text else None

    def item_link(self, item: news.Entry) -> str:
        """Where it is read."""
        return item.url

    def item_guid(self, item: news.Entry) -> str:
        """What it is called for ever: the same id in two languages would be one entry with two texts (RFC 4287)."""
        return tag(f"{item.name}/{self.language}")

    def item_pubdate(self, item: news.Entry) -> datetime:
        """When it became public."""
        return item.at

    item_updateddate = item_pubdate


class FeedDoor(PublicDoor):
    """A feed; 404 where a visitor may not see what it is about."""

    kind: str = FollowKind.ALL
    named_by: tuple[Any, str] | None = None
    """The model of its subject, and the column that stands in the address and may be changed."""

    def target(self) -> str:
        """What it is about, as a follow names it; raises Http404."""
        return ""

    def narrowed(self) -> dict[str, Any]:
        """The same for `projects.news.latest`."""
        return {}

    def get(self, request: HttpRequest, **words: Any) -> HttpResponse:
        """The newest entries first, by the moment they became public."""
        try:
            subject = followed(self.kind, self.target())
        except Http404:
            if not self.named_by:
                raise
            model, column = self.named_by
            return lead_on(request, model, column, self.kwargs[column])
        entries = news.latest(self.person, NEWEST, newest="at", **self.narrowed())
        response = Entries(subject, entries, request.path)(request)
        del response.headers["Last-Modified"]  # what was hidden since changes the feed too: its ETag says so
        return response


class AllFeed(FeedDoor):
    """Everything."""


class CohortFeed(FeedDoor):
    """One cohort."""

    kind = FollowKind.COHORT

    def target(self) -> str:
        """Its Buddhist year."""
        if not Cohort.objects.filter(year=self.kwargs["year"]).exists():
            raise Http404
        return str(self.kwargs["year"])

    def narrowed(self) -> dict[str, Any]:
        """Its projects' news."""
        return {"cohort": self.kwargs["year"]}


class ProjectFeed(FeedDoor):
    """One project."""

    kind = FollowKind.PROJECT
    named_by = (Project, "code")

    def target(self) -> str:
        """Its code."""
        if not Project.objects.visible_to(self.person).filter(code=self.kwargs["code"]).exists():
            raise Http404
        return str(self.kwargs["code"])

    def narrowed(self) -> dict[str, Any]:
        """Its news."""
        return {"project": self.kwargs["code"]}


class AgencyFeed(FeedDoor):
    """One agency."""

    kind = FollowKind.AGENCY
    named_by = (Agency, "key")

    def target(self) -> str:
        """Its key."""
        if not Agency.objects.filter(key=self.kwargs["key"]).exists():
            raise Http404
        return str(self.kwargs["key"])

    def narrowed(self) -> dict[str, Any]:
        """News of its projects, its own reports, the meetings it hosts."""
        return {"agency": self.kwargs["key"]}
