"""What happens to every text of a document before it is written: nothing invisible in it, digits as asked for."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

from govlab.thai import thai_digits
from projects.documents.sheets import Sheet

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ILLEGAL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
    f"|[{''.join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))}]"
)
# What keeps its digits: web addresses, the names of standards, and whatever is written with a Latin letter in it.
_KEPT = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\b(?:ISO|IEC|IEEE|RFC|NIST)(?:/[A-Z]+)*\s[0-9][0-9:.\-]*"
    r"|[0-9A-Za-z\u00c0-\u024f._/:@%+&?=#~\-]*[A-Za-z\u00c0-\u024f][0-9A-Za-z\u00c0-\u024f._/:@%+&?=#~\-]*"
)


def clean(text: str) -> str:
    """The text without what no document may hold or nobody sees; every kind of line break as a plain one."""
    return _ILLEGAL.sub("", _BREAK.sub("\n", text)).replace("\t", " ")


def official_digits(text: str) -> str:
    """The text with Thai digits, but for addresses, codes (GL2562-3), standards (ISO 9001), Latin words (COVID-19)."""
    written, at = [], 0
    for kept in _KEPT.finditer(text):
        written += [thai_digits(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*written, thai_digits(text[at:])])


def in_thai(sheet: Sheet) -> bool:
    """Whether the document has Thai digits."""
    return sheet.digits == "thai" and sheet.language == "th"


def ready(sheet: Sheet) -> Sheet:
    """The sheet as it is written out: every text clean and, in a Thai document that asks for them, in Thai digits."""
    thai = in_thai(sheet)

    def done(value: Any) -> Any:
        if isinstance(value, str):
            return official_digits(clean(value)) if thai else clean(value)
        if isinstance(value, tuple):
            return tuple(done(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{each.name: done(getattr(value, each.name)) for each in fields(value)})
        return value

    return done(sheet)
