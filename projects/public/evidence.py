"""Evidence as a download, for whoever may see it."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from agencies.doors import PublicDoor
from govlab import files
from projects.models import Evidence


class EvidenceFile(PublicDoor):
    """One file. What is public is handed to anybody; the rest to whom `visible_to` shows it, for their eyes only."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
        """The file under the name people gave it; 404 for those who may not see it."""
        # First as a visitor, without asking who it is: so an answer that caches keep depends on no cookie.
        evidence = Evidence.objects.visible_to(AnonymousUser()).filter(pk=pk).first()
        public = evidence is not None
        evidence = evidence or Evidence.objects.visible_to(request.user).filter(pk=pk).first()
        if evidence is None:
            raise Http404
        response = files.send(evidence.sha256, evidence.name, files.KINDS[evidence.kind].mime)
        response["Cache-Control"] = self.cache_control if public else "private, no-store"
        return response
