"""Files of the portal's own making, handed to anybody: whole, packed or a part, and not again to whoever has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, http_date

from govlab.pages import PACKED

RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Download:
    """A file that never changes under its SHA-256: where it lies, as it is and packed, and as what it goes out."""

    path: Path
    packed: Path
    """Need not be there."""
    sha256: str
    size: int
    name: str
    kind: str
    changed: datetime


def handed_out(request: HttpRequest, file: Download) -> HttpResponseBase:
    """The file as an answer that any cache may keep and any site may read; Http404 where it is gone.

    304 for whoever has it, 206 for the part that is asked for, 416 for a part that there is not.
    """
    part = request.headers.get("Range", "") if request.headers.get("If-Range", _tag(file)) == _tag(file) else ""
    packed = not part and bool(PACKED.search(request.headers.get("Accept-Encoding", ""))) and file.packed.exists()
    tag, changed = _tag(file, packed), file.changed.timestamp()
    answer: HttpResponseBase | None = get_conditional_response(request, etag=tag, last_modified=int(changed))
    if answer is None:
        try:
            content = (file.packed if packed else file.path).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        if found := RANGE.fullmatch(part.strip()):
            content.close()
            answer = _part(file, *found.groups())
        else:
            answer = FileResponse(content)
            # Said in any case: what is packed already, or asked for in parts, must not be packed on the way.
            answer.headers["Content-Encoding"] = "gzip" if packed else "identity"
    answer.headers["ETag"] = tag
    answer.headers["Last-Modified"] = http_date(changed)
    if answer.status_code in (200, 206):
        answer.headers["Content-Type"] = file.kind
        answer.headers["Content-Disposition"] = content_disposition_header(True, file.name) or ""
    answer.headers["Accept-Ranges"] = "bytes"
    if file.packed.exists():
        patch_vary_headers(answer, ["Accept-Encoding"])
    return open_to_all(answer)


def open_to_all(answer: HttpResponseBase) -> HttpResponseBase:
    """Lets programs in pages of other sites read it; no browser runs or shows it."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _tag(file: Download, packed: bool = False) -> str:
    return f'"{file.sha256}{"-gzip" if packed else ""}"'


def _part(file: Download, first: str, last: str) -> HttpResponseBase:
    """The bytes from `first` to `last`, to the end, or (without `first`) the `last` ones."""
    begin = int(first) if first else max(file.size - int(last or 0), 0)
    end = min(int(last), file.size - 1) if first and last else file.size - 1
    if begin > end or not (first or last):
        answer = HttpResponse(status=416, content_type="text/plain")
        answer.headers["Content-Range"] = f"bytes */{file.size}"
        return answer
    part = StreamingHttpResponse(_bytes(file.path, begin, end), status=206)
    part.headers["Content-Range"] = f"bytes {begin}-{end}/{file.size}"
    part.headers["Content-Length"] = str(end - begin + 1)
    part.headers["Content-Encoding"] = "identity"
    return part


def _bytes(path: Path, begin: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begin)
        left = end - begin + 1
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
