"""Every English string of the portal, gathered into the Thai catalogue and compiled without gettext's binaries."""

import io
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

FOLDERS = ("govlab", "agencies", "projects", "templates")
LEFT_OUT = frozenset({"migrations", "tests", "locale"})
TEMPLATE_ENDINGS = (".html", ".txt", ".xml")
CATALOGUE = Path("govlab/locale/th/LC_MESSAGES/django.po")

# How many strings each function takes, in Babel's notation; "c" marks the context.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class ThaiCatalogue(Catalog):
    """A Babel catalogue whose header holds no date and no version, so that the same input gives the same bytes."""

    def __init__(self) -> None:
        super().__init__(locale="th", header_comment="", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header lines of the po and the mo file, as (name, value)."""
        return [
            ("Language", "th"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=1; plural=0;\n"),
        ]


@dataclass(frozen=True)
class Build:
    """What the two files should hold: the catalogue, its bytes as po and as mo, and where they belong."""

    catalogue: ThaiCatalogue
    po: bytes
    mo: bytes
    po_path: Path
    mo_path: Path

    @property
    def stale(self) -> list[Path]:
        """The files, of the two, that are missing or hold something else."""
        wanted = ((self.po_path, self.po), (self.mo_path, self.mo))
        return [path for path, content in wanted if not path.is_file() or path.read_bytes() != content]

    @property
    def untranslated(self) -> list[str]:
        """The English of every string without Thai; one marked fuzzy by hand counts as without."""
        return [english(message) for message in entries(self.catalogue) if not is_translated(message)]

    def write(self) -> None:
        """Put both files in their place."""
        self.po_path.parent.mkdir(parents=True, exist_ok=True)
        self.po_path.write_bytes(self.po)
        self.mo_path.write_bytes(self.mo)


def build(base: Path) -> Build:
    """The Thai catalogue of the project at `base`: its strings of today with the translations it already has.

    Raises SyntaxError where a template or a Python file cannot be read, ValueError where the po file cannot.
    """
    catalogue = merge(gather(base, sources(base)), previous(base / CATALOGUE))
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=0, sort_output=True, include_lineno=False)
    write_mo(mo, finished(catalogue))
    po_path = base / CATALOGUE
    # One newline at the end, as editors leave it.
    return Build(catalogue, po.getvalue().strip() + b"\n", mo.getvalue(), po_path, po_path.with_suffix(".mo"))


def sources(base: Path, folders: Iterable[str] = FOLDERS) -> list[Path]:
    """The Python files and templates below `base` that may hold strings, in a fixed order."""
    found = (path for folder in folders for path in (base / folder).rglob("*"))
    return sorted(
        path
        for path in found
        if path.suffix in (".py", *TEMPLATE_ENDINGS)
        and path.is_file()
        and not LEFT_OUT.intersection(path.relative_to(base).parts)
    )


def gather(base: Path, files: Iterable[Path]) -> ThaiCatalogue:
    """A catalogue without Thai of every string in `files`, each with the names of its files relative to `base`."""
    catalogue = ThaiCatalogue()
    for path in files:
        name = path.relative_to(base).as_posix()
        method: Any = extract_python if path.suffix == ".py" else extract_template
        try:
            with path.open("rb") as file:
                # A string that carries a context says so in the fourth place.
                for _line, msgid, comments, context in extract(method, file, KEYWORDS, ("Translators:",)):
                    catalogue.add(msgid, locations=[(name, 0)], auto_comments=comments, context=context)
        except (SyntaxError, tokenize.TokenError) as error:
            raise SyntaxError(f"{name}: {error}") from error
    return catalogue


def extract_template(
    file: IO[bytes], keywords: dict[str, Any], comment_tags: Iterable[str], options: Any
) -> Iterator[tuple[int, str, Any, Any]]:
    """Babel's extractor for Django templates, by way of Django's own templatize.

    Yields (line, function, strings, translators' comments). Raises SyntaxError for a tag inside a blocktranslate.
    """
    source = file.read().decode("utf-8")
    # Only the calls matter: an indented line would read as a Python block.
    python = "\n".join(line.strip() for line in templatize(source).splitlines())
    found: Iterable[Any] = extract_python(io.BytesIO(python.encode()), keywords, tuple(comment_tags), options)
    for line, function, strings, comments in found:
        # templatize leaves % in _("…") as it is, but when rendered Django looks for it doubled.
        doubled = strings.replace("%", "%%") if function == "_" and isinstance(strings, str) else strings
        yield line, function, doubled, comments


def previous(path: Path) -> Catalog:
    """The catalogue kept at `path`, or an empty one where there is none; raises ValueError where it is broken."""
    if not path.is_file():
        return Catalog(locale="th")
    with path.open("rb") as file:
        return read_po(file, locale="th", abort_invalid=True)


def merge(today: ThaiCatalogue, before: Catalog) -> ThaiCatalogue:
    """Give `today` the Thai and the remarks that `before` has for exactly the same English; guess nothing."""
    for message in entries(today):
        old = before.get(message.id, message.context)
        if old is None:
            continue
        # English may have gained or lost its plural since; Thai has one form either way.
        first = thai(old)[0]
        message.string = (first,) if message.pluralizable else first
        message.user_comments = list(old.user_comments)
        if old.fuzzy:
            message.flags.add("fuzzy")
    return today


def finished(catalogue: ThaiCatalogue) -> ThaiCatalogue:
    """What is compiled: the translated strings only. Babel would take the English of a missing plural for Thai."""
    compiled = ThaiCatalogue()
    for message in filter(is_translated, entries(catalogue)):
        compiled.add(message.id, message.string, context=message.context)
    return compiled


def is_translated(message: Message) -> bool:
    """Whether an entry has Thai that no one marked as doubtful."""
    return all(thai(message)) and not message.fuzzy


def entries(catalogue: Catalog) -> list[Message]:
    """The strings of a catalogue in the order of the po file, without its header."""
    return sorted(message for message in catalogue if message.id)


def english(message: Message) -> str:
    """The English of an entry; of one with a plural, the singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def thai(message: Message) -> tuple[str, ...]:
    """The Thai of an entry, as many forms as it has, at least one; "" where there is none."""
    if isinstance(message.string, list | tuple):
        return tuple(message.string) or ("",)
    return (message.string or "",)
