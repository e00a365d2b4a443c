"""Words that mean the same: staff keep the groups; the portal starts with some that every public service knows."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from agencies.access import require_desk
from agencies.models import User
from agencies.rules import records
from projects.models import Synonyms


def groups() -> list[list[str]]:
    """Every group, as lists of words."""
    return [row.listed() for row in Synonyms.objects.only("words")]


@transaction.atomic
def begin_with(lists: Iterable[Sequence[str]], *, by: User) -> int:
    """Adds the groups where there never was one, so that nothing comes back that staff took out; how many."""
    require_desk(by)
    if Synonyms.history.exists():
        return 0
    return len([records.add(Synonyms, by=by, words="\n".join(words)) for words in lists])
