"""Files as downloads, for whoever may see them: evidence of updates and of answers, papers of meetings."""

import uuid
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from agencies.doors import PublicDoor
from govlab import files
from projects.models import AnswerFile, Evidence, Paper

KINDS = (Evidence, AnswerFile, Paper)
"""What has its bytes at this address; each says by `visible_to` who gets them."""


def found(pk: uuid.UUID, person: Any) -> tuple[str, str, str] | None:
    """SHA-256, name and kind of the file with this number that the person may see; asked with one query."""
    first, *others = (
        kind.objects.visible_to(person).filter(pk=pk).order_by().values_list("sha256", "name", "kind") for kind in KINDS
    )
    return next(iter(first.union(*others, all=True)), None)


class EvidenceFile(PublicDoor):
    """One file. What is public is handed to anybody; the rest to whom `visible_to` shows it, for their eyes only."""

    kept = False

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
        """The file under the name people gave it; 404 for those who may not see it."""
        # First as a visitor, without asking who it is: so an answer that caches keep depends on no cookie.
        file = found(pk, AnonymousUser())
        public = file is not None
        file = file or found(pk, request.user)
        if file is None:
            raise Http404
        sha256, name, kind = file
        response = files.send(sha256, name, files.KINDS[kind].mime)
        response["Cache-Control"] = self.cache_control if public else "private, no-store"
        return response
