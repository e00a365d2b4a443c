"""A sheet as the answer to a request: a download that no browser runs, under a Thai file name."""

from collections.abc import Callable
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from govlab.uploads import clean_name
from projects.documents.pdf import pdf
from projects.documents.sheets import Digits, Sheet
from projects.documents.word import word

WRITERS: dict[str, tuple[Callable[[Sheet], bytes], str]] = {
    "docx": (word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}


def require_ending(ending: str) -> None:
    """Raises Http404 for a form that no document has."""
    if ending not in WRITERS:
        raise Http404


def digits_of(request: HttpRequest) -> Digits:
    """The digits that the address asks for: `?digits=thai`, else 0-9."""
    return "thai" if request.GET.get("digits") == "thai" else "arabic"


@lru_cache(maxsize=16)
def written(sheet: Sheet, ending: str) -> bytes:
    """The document's bytes; of those asked for last they are kept, since whoever wants may ask again and again."""
    return WRITERS[ending][0](sheet)


def handed_out(sheet: Sheet, name: str, ending: str) -> HttpResponse:
    """The document as a file to save, written DOCX or PDF."""
    response = HttpResponse(written(sheet, ending), content_type=WRITERS[ending][1])
    response["Content-Disposition"] = content_disposition_header(True, clean_name(f"{name}.{ending}")) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
