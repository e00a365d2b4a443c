"""What a refused form says: a rule's sentences at their fields, two versions of a record side by side."""

from typing import Any

from govlab.records import Record


def add_errors(form: Any, error: Any) -> None:
    """Puts a rule's refusal at the fields it names, or on top of the form when the form does not ask them."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def compare(form: Any, current: Record) -> list[dict[str, Any]]:
    """Both versions of each field that differs: what stands there now, and what was typed."""
    rows = []
    for bound in form:
        if bound.is_hidden or not hasattr(current, bound.name):
            continue
        now = getattr(current, bound.name)
        if hasattr(now, "all"):
            now = list(now.all())
        yours = form.cleaned_data.get(bound.name)
        yours = list(yours) if hasattr(yours, "all") else yours
        if (now or None) != (yours or None):
            rows.append({"label": bound.label, "before": shown(now, bound), "after": shown(yours, bound)})
    return rows


def shown(value: Any, bound: Any) -> str:
    """A value as people read it: a choice by its label, several one after another."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    labels = {
        str(key): label for key, label in getattr(bound.field, "choices", ()) if not isinstance(label, (list, tuple))
    }
    if value in (None, ""):
        return ""
    return str(labels.get(str(value)) or bound.field.prepare_value(value))
