"""Cuts the web font out of Sarabun: two weights, the letters that pages need, with Thai marks still in their place."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import fontpkg_sarabun
import fontTools
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError

WEIGHTS = {400: "Sarabun-Regular.ttf", 700: "Sarabun-Bold.ttf"}
CHARACTERS = (
    frozenset(range(0x20, 0x7F)) | frozenset(range(0xA0, 0x100)) | frozenset(range(0x0E01, 0x0E5C))
) | frozenset(map(ord, "–—‘’“”…•→←"))
# ccmp, mark and mkmk stack the Thai marks; without them they collide.
FEATURES = ("ccmp", "locl", "mark", "mkmk", "kern", "liga")
# Copyright and licence stay inside the file, as the Open Font License asks.
NAMES = (0, 1, 2, 3, 4, 6, 13, 14)
FINGERPRINT = 3


def fingerprint(weight: int) -> str:
    """Name what a cut of this weight is made from, so that an unchanged one need not be made again."""
    recipe = f"{sorted(CHARACTERS)} {FEATURES} {NAMES} {fontTools.version}".encode()
    return "GovLab " + hashlib.sha256(source(weight).read_bytes() + recipe).hexdigest()[:16]


def source(weight: int) -> Path:
    """Give the whole font of this weight."""
    return fontpkg_sarabun.ROOT / "files" / WEIGHTS[weight]


def cut(weight: int) -> bytes:
    """Give the WOFF2 of this weight; the same input gives the same bytes."""
    options = subset.Options(layout_features=list(FEATURES), name_IDs=list(NAMES), hinting=False)
    with TTFont(source(weight), recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        for name in font["name"].names:
            if name.nameID == FINGERPRINT:
                name.string = fingerprint(weight)
        font.flavor = "woff2"
        out = BytesIO()
        font.save(out)
    return out.getvalue()


def is_current(path: Path, weight: int) -> bool:
    """Tell whether the file at `path` is what `cut` would make now; a broken file is not."""
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            return font["name"].getDebugName(FINGERPRINT) == fingerprint(weight)
    except (OSError, TTLibError):
        return False


def build(folder: Path, *, force: bool = False) -> list[Path]:
    """Write `sarabun-<weight>.woff2` into `folder` where missing or out of date, and give the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for weight in WEIGHTS:
        path = folder / f"sarabun-{weight}.woff2"
        if force or not is_current(path, weight):
            # Renamed into place: a server that starts meanwhile never reads half a font.
            part = path.with_suffix(".part")
            part.write_bytes(cut(weight))
            part.replace(path)
            written.append(path)
    return written


class Command(BaseCommand):
    """Build the web font where it is missing or out of date."""

    help = "Cut the web font out of Sarabun into static/font/, where missing or out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --force."""
        parser.add_argument("--force", action="store_true", help="build again even when up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and say what was written."""
        for path in build(Path(settings.BASE_DIR) / "static" / "font", force=options["force"]):
            self.stdout.write(f"{path.name}: {path.stat().st_size / 1024:.1f} KB")
