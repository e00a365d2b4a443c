"""What every kept record has: a version against silent overwriting, a mark for demonstration data, a full history."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from govlab.fields import SortKeyField
from govlab.thai import normalise, sort_key

_no_nul = ProhibitNullCharactersValidator()


class History(HistoryManager):
    """The library's manager, whose class is made once and not anew with each look into a history."""

    @classmethod
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        """The class that looks through such a query."""
        return _manager(queryset_class)


@cache
def _manager(queryset_class: Any) -> Any:
    return HistoryManager.from_queryset(queryset_class)


class Record(models.Model):
    """A row that people keep; `history` holds every state it ever had, with who and which verb."""

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    demo = models.BooleanField(_("demonstration data"), default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True, editable=False)
    _unchanged: Collection[str] = ()
    """Columns that stand as the database has them, where `history.keep` knows that."""
    _given: Collection[str] = ()
    """Columns whose record is known to be there, where it knows that."""
    _unique: Collection[str] = ()
    """Constraints that nobody else can stand in the way of, where it knows that."""
    history = HistoricalRecords(
        inherit=True, m2m_fields_model_field_name="_history_m2m_fields", history_manager=History
    )

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's, and holds texts to what Django leaves to forms: the length of long ones, no NUL in any."""
        wrong: dict[str, Any] = {}
        there = (name for name in self._unchanged if self._meta.get_field(name).many_to_one)
        exclude = {*(exclude or ()), *self._given, *there}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            wrong = error.update_error_dict(wrong)
        for field in self._meta.concrete_fields:
            if not isinstance(field, (models.CharField, models.TextField)) or field.name in {*wrong, *(exclude or ())}:
                continue
            text = str(getattr(self, field.attname) or "")
            try:
                _no_nul(text)
                if field.max_length:
                    MaxLengthValidator(field.max_length)(text)
            except ValidationError as error:
                wrong[field.name] = error.error_list
        if wrong:
            raise ValidationError(wrong)

    def validate_unique(self, exclude: Any = None) -> None:
        """As Django does, but does not look again for what stands as it was held."""
        super().validate_unique({*(exclude or ()), *self._unchanged})

    def validate_constraints(self, exclude: Any = None) -> None:
        """As Django does, but the sentence stands at the last field of the constraint, where people can mend it.

        Raises ValidationError with these fields.
        """
        wrong: dict[str, list[ValidationError]] = {}
        for model, constraints in self.get_constraints():
            for constraint in constraints:
                fields = getattr(constraint, "fields", ())
                if constraint.name in self._unique:
                    continue
                if fields and not constraint.condition and {*fields} <= {*self._unchanged}:  # type: ignore[attr-defined]
                    continue
                try:
                    constraint.validate(model, self, exclude=exclude)  # type: ignore[attr-defined]
                except ValidationError as error:
                    field = (getattr(constraint, "fields", ()) or (NON_FIELD_ERRORS,))[-1]
                    wrong.setdefault(field, []).extend(error.error_list)
        if wrong:
            raise ValidationError(wrong)


class Listed(Record):
    """A record that stands in lists and is searched; what it is ordered and found by is derived in `clean`."""

    sorted_by: tuple[str, ...] = ("name_th", "name_en")
    """Fields tried in turn for the order; the first that is filled decides."""
    searched_in: tuple[str, ...] = ("name_th", "name_en")

    sort_key = SortKeyField()
    search_text = models.TextField(editable=False, default="", blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Derives the order and the searched text, so that no verb can forget to."""
        super().clean()
        self.sort_key = sort_key(next(filter(None, (getattr(self, name) for name in self.sorted_by)), ""))
        found_by = [getattr(self, name) for name in self.searched_in]
        texts = [
            value.search_text if isinstance(value, Listed) else normalise(str(value)) for value in found_by if value
        ]
        self.search_text = "\n".join(filter(None, texts))
