"""Small pictures of what agencies attached and released: shown in the public updates, never anything else."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse

from agencies.doors import PublicDoor
from govlab.thumbnails import PICTURES, SIZES, NoPicture, thumbnail
from projects.models import Evidence


class Picture(PublicDoor):
    """One picture in one of the two sizes; whether it is released is asked each time."""

    kept = False  # a picture would fill the cache of pages

    def get(self, request: HttpRequest, pk: uuid.UUID, width: int) -> HttpResponse:
        """The picture; 404 for what a visitor may not see, for another size and for what cannot be drawn."""
        seen = Evidence.objects.visible_to(self.person).filter(pk=pk, kind__in=PICTURES)
        sha256 = seen.values_list("sha256", flat=True).order_by().first() if width in SIZES else None
        if sha256 is None:
            raise Http404
        try:
            content = thumbnail(sha256, width)
        except NoPicture:
            raise Http404 from None
        response = HttpResponse(content, content_type="image/webp")
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
