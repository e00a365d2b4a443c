"""What the texts of visitors have in common, whatever they write to."""

import re

LINK = re.compile(r"https?://(?:www\.)?|\bwww\.", re.IGNORECASE)


def links_in(text: str) -> int:
    """How many links the text holds; one with both https:// and www. is one."""
    return len(LINK.findall(text))
