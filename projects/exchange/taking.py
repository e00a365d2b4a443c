"""A list or a chart of a page as a file to take along: the page's own address with `as=csv` or `as=xlsx`.

A page with several says by `of` which one. The rows are those of the page, in its order and through its filter, all of
them and not those of one leaf; headings, dates and choices are as people read them in the active language.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, Protocol, cast

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext, override

from govlab.doors import REFUSED
from govlab.filters import Filters
from govlab.thai import be_year, known_language
from govlab.uploads import clean_name
from projects.exchange.books import Book, csv_lines
from projects.exchange.columns import Column

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
CELLS = 200_000
"""So many cells an Excel file takes: some three seconds of one core. A CSV file is streamed and takes any number."""
CHUNK = 500
"""Rows that are read, and lines that are sent, at a time."""


class Told(Protocol):
    """What a file needs to know of a table; `projects.exchange.columns.Table` and `List` say it."""

    @property
    def label(self) -> Any:
        """The name of the sheet and of the file."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in their order."""

    @property
    def read_with(self) -> Callable[[Any], Any]:
        """Adds to rows what the columns read."""


class Saved(Protocol):
    """An Excel file that is written."""

    def save(self, to: Any, /) -> None:
        """Writes it to a file that is open."""


def as_they_are(rows: Any) -> Any:
    """The rows, of which nothing more is read."""
    return rows


@dataclass(frozen=True)
class List:
    """A list that only leaves the portal: what it is called, its columns, and what they read besides."""

    label: Any
    columns: tuple[Column, ...]
    read_with: Callable[[Any], Any] = as_they_are


@dataclass(frozen=True)
class Offer:
    """What a page offers to take along; `most` rows as Excel."""

    label: str
    most: int


def take(
    request: HttpRequest, table: Told, rows: Any, of: str = "", *, asked: Filters | None = None
) -> HttpResponse | None:
    """The file where the address asks for this list; else None, and the page may offer it by `{% take %}`.

    `rows` is a queryset, or a function of no arguments that gives the rows, called only where a file is asked for.
    Where the filter `asked` refuses a choice there is no file: the page says what is wrong, as 400 (`Door.dispatch`).
    """
    ending = request.GET.get("as", "")
    if ending in KINDS and request.GET.get("of", "") == of:
        if asked is None or not asked.errors:
            return cast(HttpResponse, handed_over(table, rows, ending))  # a stream, but doors answer with it as any
        setattr(request, REFUSED, True)
    offers: dict[str, Offer] = getattr(request, "offers", {})
    setattr(request, "offers", {**offers, of: Offer(str(table.label), most_in_excel(table))})  # noqa: B010
    return None


def most_in_excel(table: Told) -> int:
    """How many rows of this table an Excel file takes."""
    return CELLS // len(table.columns)


def every(table: Told, rows: Any) -> Iterator[Any]:
    """All rows, read piece by piece."""
    found = rows() if callable(rows) and not isinstance(rows, QuerySet) else table.read_with(rows)
    return iter(found.iterator(chunk_size=CHUNK) if isinstance(found, QuerySet) else found)


def handed_over(table: Told, rows: Any, ending: str) -> StreamingHttpResponse:
    """The rows as an answer that browsers save and never show."""
    response = WRITERS[ending](table, every(table, rows))
    to_be_saved(response, f"{table.label} {today()}.{ending}", ending)
    response["X-Robots-Tag"] = "noindex"
    return response


def to_be_saved(response: HttpResponseBase, name: str, ending: str) -> None:
    """Lets browsers save the answer under this name and never show it."""
    response["Content-Type"] = KINDS[ending]
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name)) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"


def book_answer(book: Saved, name: str) -> HttpResponse:
    """An Excel file as an answer that browsers save under this name."""
    made = BytesIO()
    book.save(made)
    response = HttpResponse(made.getvalue())
    to_be_saved(response, name, "xlsx")
    return response


def today() -> str:
    """The day as it stands in the name of a file: year, month, day, in the era of the language."""
    day = timezone.localdate()
    year = day.year if known_language() == "en" else be_year(day.year)
    return f"{year}-{day.month:02}-{day.day:02}"


def _as_csv(table: Told, rows: Iterator[Any]) -> StreamingHttpResponse:
    return StreamingHttpResponse(_spoken(csv_lines(table.columns, rows, shown=True), get_language()))


def _spoken(lines: Iterable[str], language: str | None) -> Iterator[str]:
    """The lines, some hundred at a time, each made in this language: they are read after the request is answered."""
    source = iter(lines)
    while True:
        with override(language):
            some = [*islice(source, CHUNK)]
        if not some:
            return
        yield "".join(some)


def in_pieces(rows: Any, size: int = CHUNK) -> Iterator[list[Any]]:
    """The rows of a queryset in lists, for what is read once for many."""
    source = iter(rows.iterator(chunk_size=size))
    while some := [*islice(source, size)]:
        yield some


def _as_xlsx(table: Told, rows: Iterator[Any]) -> StreamingHttpResponse:
    book, most = Book(), most_in_excel(table)
    book.sheet(str(table.label), table.columns, islice(rows, most))
    if next(rows, None) is not None:
        note = gettext(
            "The sheet before this one ends after %(n)d rows, which is as much as one file takes. "
            "Narrow the list by its filter, or take the CSV file, which has all of it."
        )
        column = Column("note", gettext("Not everything is here"), "text", lambda row: row)
        book.sheet(gettext("Not everything is here"), [column], [note % {"n": most}])
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file)


WRITERS: dict[str, Callable[[Told, Iterator[Any]], StreamingHttpResponse]] = {"csv": _as_csv, "xlsx": _as_xlsx}
