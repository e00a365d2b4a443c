"""What lists of the API are filtered by besides the filters of the pages: another record, by its key."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request


@extend_schema_field({"type": "string"})
class Known(django_filters.ModelChoiceFilter):
    """Rows that belong to a record that the person may see; a hidden one is refused like one that does not exist."""

    def __init__(self, seen: Callable[[Request], QuerySet[Any]], key: str, **extra: Any) -> None:
        messages = {"invalid_choice": _("There is no such record.")}
        super().__init__(queryset=seen, to_field_name=key, error_messages=messages, **extra)
