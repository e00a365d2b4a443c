"""What a person has typed into a form and not saved yet: kept, found again, forgotten; no record and no history yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet

from govlab.models import Once, Typed

MOST_BYTES = 200_000
"""Of one form's names and answers in UTF-8; the longest report is half of that."""

Answers = Mapping[str, list[str]]


class TooMuch(Exception):
    """More than any form holds."""


class Elsewhere(Exception):
    """The form was typed into at another place since; `turn` is the turn that stands there now, 0 when nothing does."""

    def __init__(self, turn: int) -> None:
        super().__init__(f"turn {turn} was kept elsewhere")
        self.turn = turn


class Sent(Exception):
    """This very form was carried out, so there is nothing left to keep."""


@dataclass(frozen=True)
class Turn:
    """One saving: the opened form's key, the last turn it knows of, and its own, which counts every try."""

    page: str
    after: int
    number: int

    @property
    def kept(self) -> int:
        """What the row's turn becomes: always more than the one it follows."""
        return max(self.number, self.after + 1)


def _one_at_a_time(user: Any) -> None:
    """Lets a person's savings and sendings wait for each other until the transaction ends."""
    rows = get_user_model()._default_manager.select_for_update(no_key=True).filter(pk=user.pk)
    list(rows.values_list("pk"))


def own_rows(user: Any) -> QuerySet[Typed]:
    """Nobody sees another's."""
    return Typed.objects.filter(user=user.pk)


@transaction.atomic
def keep_typed(user: Any, path: str, answers: Answers, *, base: int | None, turn: Turn, now: datetime) -> Typed:
    """Keeps what was typed, unless something newer of the same opened form stands there already; gives what stands.

    Raises TooMuch; Sent when the form was carried out; Elsewhere when another tab or machine typed since `turn.after`.
    """
    clean = {name: [value.replace("\0", "") for value in values] for name, values in answers.items()}
    if sum(len(text.encode()) for name, values in clean.items() for text in (name, *values)) > MOST_BYTES:
        raise TooMuch
    _one_at_a_time(user)
    if turn.page and Once.objects.filter(user=user.pk, key=turn.page).exists():
        raise Sent
    row = typed_for(user, path)
    if row and turn.page and row.page == turn.page:
        if turn.kept <= row.turn:
            return row  # an older request that was overtaken on its way
    elif turn.after != (row.turn if row else 0):
        raise Elsewhere(row.turn if row else 0)
    row = row or Typed(user_id=user.pk, path=path)
    row.answers, row.base, row.page, row.saved_at = clean, base, turn.page, now
    row.turn = turn.kept
    row.save()
    return row


def typed_for(user: Any, path: str) -> Typed | None:
    """What this person has typed into the form at this address."""
    return own_rows(user).filter(path=path).first()


def kept_for(user: Any) -> QuerySet[Typed]:
    """Everything that the person has typed and not saved, the newest first."""
    return own_rows(user).order_by("-saved_at", "-pk")


@transaction.atomic
def forget_typed(user: Any, path: str, *, seen: int, page: str = "") -> None:
    """Forgets what is saved now or thrown away: the turns that whoever decides has seen, and all of the same page.

    What was typed elsewhere since stays, and is offered when the form is opened again.
    """
    _one_at_a_time(user)
    row = typed_for(user, path)
    if row and (row.turn <= seen or (page and row.page == page)):
        row.delete()
