"""Papers of an agenda item: staff attach them and take them out."""

from collections.abc import Iterable

from django.db import transaction

from agencies.access import require_desk
from agencies.models import User
from govlab.files import Attached
from govlab.history import drop, hold, keep
from projects.models import AgendaItem, Paper
from projects.rules import agenda


@transaction.atomic
def attach(item: AgendaItem, *, by: User, files: Iterable[Attached]) -> list[Paper]:
    """Puts files beside the item, each once; what is there already is not doubled."""
    require_desk(by)
    agenda.require_open(hold(item.meeting))
    held = hold(item)
    there = set(held.papers.values_list("sha256", "name"))
    new = [file for file in dict.fromkeys(files) if (file.sha256, file.name) not in there]
    return [keep(Paper(item=held), "attach", by=by, **file._asdict()) for file in new]


@transaction.atomic
def detach(paper: Paper, *, by: User, version: int | None = None) -> None:
    """Takes a file out; its history stays."""
    require_desk(by)
    agenda.require_open(hold(paper.item.meeting))
    drop(hold(paper, version), "detach", by=by)
