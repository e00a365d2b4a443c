"""The index of the search: what it knows of each record, in one folded form of Thai, kept in step with the records.

A model that is found says so with three members: `found_as = (number, "kind")`, `as_found()` with the columns of its
entry (`texts` and `names` are lists: what else it says, and what it is called besides its titles), and, where other
records' entries depend on it, `found_along()` with these records. `found_with` and `found_along_with` name what the
two read besides, for those who go through many records.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction

from govlab import edition
from govlab.models import SearchEntry
from govlab.thai import normalise
from govlab.trigrams import KIND_BITS

CHUNK = 500
"""So many records are read and written at a time."""

# What Thai writers confuse, because it sounds the same, is one letter here; tone marks and silencing marks go.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("ศษ", "ส"),
        **dict.fromkeys("ฃ", "ข"),
        **dict.fromkeys("ฅฆ", "ค"),
        **dict.fromkeys("ฌ", "ช"),
        **dict.fromkeys("ญ", "ย"),
        **dict.fromkeys("ฎฏ", "ด"),
        **dict.fromkeys("ฐ", "ถ"),
        **dict.fromkeys("ฑฒธ", "ท"),
        **dict.fromkeys("ณ", "น"),
        **dict.fromkeys("ภ", "พ"),
        **dict.fromkeys("ฬ", "ล"),
        **dict.fromkeys("ใ", "ไ"),
        **dict.fromkeys("ฤ", "ร"),
        **dict.fromkeys("ฦ", "ล"),
        **dict.fromkeys("ๅ", "า"),
        "ำ": "ัม",  # so that ทำ and ธรรม are one sound, and น้ำ is three letters that an index knows
        "–": "-",
        "’": "'",
        **dict.fromkeys("็่้๊๋์ํ๎ฺฯๆ", ""),
    }
)
_STEMS = {
    **{f"{first}รรม": f"{first}ัม" for first in "ทก"},
    **{f"{first}รร{last}": f"{first}ั{last}" for first, last in ("วค", "วน", "พค", "พน", "คพ", "มค", "อถ", "ตก")},
    **{f"สรร{last}": f"สัน{last}" for last in "คพหเส"},
    **{f"บรร{last}": f"บัน{last}" for last in "จทยพลณดเ"},
    # Written in more than one way, and all of them are met.
    "แอพพลิ": "แอปพลิ",
    "แอพลิ": "แอปพลิ",
    "แอปลิ": "แอปพลิ",
    "เวป": "เวบ",
    "อินเตอ": "อินเทอ",
    "คอมพิวเต": "คอมพิวเท",
    "เซนเต": "เซนเท",
    "ดิจิตอล": "ดิจิทัล",
    "ดิจิตัล": "ดิจิทัล",
    "อนุยาติ": "อนุยาต",
    "โอกาด": "โอกาส",
}
_ACCENTS = re.compile("[\u0300-\u036f]+")
_FOREIGN = re.compile("[^\x00-\x7f\u0e00-\u0e7f]")
"""What may have an accent: neither Thai nor plain Latin."""
_SOUNDS = re.compile(rf"(?P<stem>{'|'.join(sorted(_STEMS, key=len, reverse=True))})|(?P<two>([ก-ฮ])\3)|(?<=[ก-ๅ])\.")


def _by_sound(found: re.Match[str]) -> str:
    """A stem by its sound, two of one consonant as one, no stop in a Thai short form (ก.พ.ร.)."""
    return _STEMS[found["stem"]] if found["stem"] else (found[3] or "")


def fold(text: str) -> str:
    """The text by its sound, for comparing: `normalise`, letters that sound alike as one, no tone marks, no accents."""
    text = plainly(text)
    return text if text.isascii() else _SOUNDS.sub(_by_sound, text)


def plainly(text: str) -> str:
    """The part of folding that looks at each letter by itself."""
    text = normalise(text)
    if not text.isascii():
        text = text.translate(_ALIKE)
        if _FOREIGN.search(text):
            text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    return text


@lru_cache(8192)
def _plain_part(part: str) -> str:
    return " " if part.isspace() else plainly(part)


def fold_with_places(parts: Iterable[str]) -> tuple[str, list[int]]:
    """The parts of a text folded as one, and for each character of the result the number of the part it is from."""
    text, places = "", []
    for number, part in enumerate(parts):
        plain = _plain_part(part)
        text += plain
        places += [number] * len(plain)
    at, folded, kept = 0, "", list[int]()
    for found in _SOUNDS.finditer(text):
        said = _by_sound(found)
        first, last = found.span()
        folded += text[at:first] + said
        kept += places[at:first] + [places[min(first + step, last - 1)] for step in range(len(said))]
        if said:
            kept[-1] = places[last - 1]
        at = last
    return folded + text[at:], kept + places[at:]


def entry_id(kind: int, pk: int) -> int:
    """The number of a record's entry."""
    return (kind << KIND_BITS) + pk


def around(row: Any) -> list[Any]:
    """The records whose entries depend on this one."""
    return list(row.found_along()) if hasattr(row, "found_along") else []


Waiting = dict[Any, set[int]]
_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)


def index(row: Any) -> None:
    """Brings the entries of the record, and of those that depend on it, in step with what is kept of them."""
    waiting = _waiting.get()
    if waiting is None:
        refresh([row, *around(row)])
    else:
        waiting.setdefault(type(row), set()).add(row.pk)


@contextmanager
def at_once(write: bool = True) -> Iterator[None]:
    """Of thousands of changes in one transaction the entries are written at its end, each once.

    With `write=False` not at all: for a transaction that is rolled back.
    """
    waiting: Waiting = {}
    before = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(before)
    if write:
        _write_waiting(waiting)


def _write_waiting(waiting: Waiting) -> None:
    wanted: Waiting = {}
    for model, keys in waiting.items():
        for chunk in batched(sorted(keys), CHUNK):
            rows = model._base_manager.filter(pk__in=chunk)
            for row in rows.prefetch_related(*getattr(model, "found_along_with", ())):
                for found in (row, *around(row)):
                    wanted.setdefault(type(found), set()).add(found.pk)
    for model in filter(lambda each: hasattr(each, "found_as"), wanted):
        for chunk in batched(sorted(wanted[model]), CHUNK):
            refresh(model._base_manager.filter(pk__in=chunk).prefetch_related(*getattr(model, "found_with", ())))


def refresh(rows: Iterable[Any]) -> None:
    """Writes the entries of these records; those of one kind in one go."""
    for model, own in _by_model(rows).items():
        public = set(
            model._default_manager.visible_to(AnonymousUser()).filter(pk__in=own).values_list("pk", flat=True)
            if hasattr(model._default_manager.all(), "visible_to")
            else own
        )
        entries = [_entry(row, pk in public) for pk, row in own.items()]
        columns = [field.name for field in SearchEntry._meta.fields if field.name != "id"]
        SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["id"], update_fields=columns)


def forget(rows: Iterable[Any]) -> None:
    """Takes out the entries of records that are gone."""
    numbers = [entry_id(model.found_as[0], pk) for model, own in _by_model(rows).items() for pk in own]
    if numbers:
        SearchEntry.objects.filter(pk__in=numbers).delete()


def _by_model(rows: Iterable[Any]) -> dict[Any, dict[int, Any]]:
    found: dict[Any, dict[int, Any]] = {}
    for row in rows:
        if hasattr(type(row), "found_as"):
            found.setdefault(type(row), {})[row.pk] = row
    return found


def _entry(row: Any, public: bool) -> SearchEntry:
    number, kind = row.found_as
    told = {"more": "", "on": None, "names": [], **row.as_found()}
    text = "\n".join(" ".join(part.split()) for part in told.pop("texts") if part and part.strip())
    titles = [fold(name) for name in (told["title_th"], told["title_en"], *told.pop("names")) if name]
    return SearchEntry(
        id=entry_id(number, row.pk),
        kind=kind,
        public=public,
        demo=row.demo,
        text=text,
        folded_title="\n".join(titles),
        folded_text="\n".join([*titles, *map(fold, text.split("\n"))]),
        **told,
    )


def found_models() -> list[type[models.Model]]:
    """Every model that is found."""
    return [model for model in apps.get_models() if hasattr(model, "found_as")]


def is_empty() -> bool:
    """Whether records are there and none of them is in the index: they are from before there was one."""
    return not SearchEntry.objects.exists() and any(model._base_manager.exists() for model in found_models())


@transaction.atomic
def write_anew() -> int:
    """Writes the whole index anew; how many entries it has."""
    SearchEntry.objects.all().delete()
    written = 0
    for model in found_models():
        rows = model._base_manager.order_by("pk").prefetch_related(*getattr(model, "found_with", ()))
        for chunk in batched(rows.iterator(chunk_size=CHUNK), CHUNK):
            refresh(chunk)
            written += len(chunk)
    edition.move_on()  # pages of results change, although no record did
    return written


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of at most `size`."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk
