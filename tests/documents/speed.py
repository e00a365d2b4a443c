"""What a document costs: `python -m tests.documents.speed` prints CPU seconds for 50 and for 500 agenda items."""

import time
from collections.abc import Callable

from projects.documents.pdf import pdf
from projects.documents.sheets import Block, Heading, Paragraph, People, Person, Sheet
from projects.documents.word import word
from tests.documents.made import THAI, sheet


def minutes_of(items: int) -> Sheet:
    """Minutes with 20 people and so many items, each with a discussion, two resolutions and an assignment."""
    blocks: list[Block] = [People(tuple(Person(f"นายสมชาย ใจดี {n}", "กรรมการผู้ทรงคุณวุฒิ") for n in range(20)))]
    for number in range(1, items + 1):
        blocks += [
            Heading(THAI, f"ระเบียบวาระที่ {number}"),
            Paragraph(THAI * 4),
            Paragraph("", lead="มติที่ประชุม"),
            Paragraph(THAI, "numbered", f"{number}.1"),
            Paragraph(THAI, lead="มอบหมาย"),
            Paragraph(THAI, "numbered", f"{number}.2"),
        ]
    return sheet(*blocks, digits="thai")


def cost(write: Callable[[Sheet], bytes], made: Sheet) -> tuple[float, int]:
    """CPU seconds of this process, and the bytes that came of them."""
    began = time.process_time()
    size = len(write(made))
    return time.process_time() - began, size


def main() -> None:
    """Prints the table; the first PDF of a process also reads the fonts."""
    for items in (1, 50, 500):
        for name, write in (("docx", word), ("pdf", pdf)):
            seconds, size = cost(write, minutes_of(items))
            print(f"{items:4} items {name:5} {seconds:6.3f} s CPU {size:9,} bytes")


if __name__ == "__main__":
    main()
