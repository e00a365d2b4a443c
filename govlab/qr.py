"""QR codes as one line of drawing, for pages that are printed."""

from functools import lru_cache

import segno

QUIET = 4
"""Light squares around the code, without which no camera finds it."""
MASK = 3
"""One of the eight patterns that would do; to try them all takes five times as long."""


@lru_cache(maxsize=500)
def path_of(text: str) -> tuple[str, int]:
    """The dark squares as the `d` of an SVG path, and the side of the square that it is drawn in."""
    code = segno.make(text, error="m", boost_error=False, micro=False, mask=MASK)
    parts = []
    for y, row in enumerate(code.matrix, QUIET):
        x = 0
        while x < len(row):
            begin = x
            while x < len(row) and row[x]:
                x += 1
            if x > begin:
                parts.append(f"M{begin + QUIET} {y}h{x - begin}v1h-{x - begin}z")
            x += 1
    return "".join(parts), len(code.matrix) + 2 * QUIET
