"""The names of the countries that facts name: Thailand, its neighbours, and those it learns from."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from govlab.thai import sort_key

COUNTRIES = {
    "TH": _("Thailand"),
    "BN": _("Brunei"),
    "KH": _("Cambodia"),
    "ID": _("Indonesia"),
    "LA": _("Laos"),
    "MY": _("Malaysia"),
    "MM": _("Myanmar"),
    "PH": _("Philippines"),
    "SG": _("Singapore"),
    "TL": _("Timor-Leste"),
    "VN": _("Viet Nam"),
    "AU": _("Australia"),
    "CN": _("China"),
    "IN": _("India"),
    "JP": _("Japan"),
    "KR": _("South Korea"),
    "NZ": _("New Zealand"),
    "AT": _("Austria"),
    "BE": _("Belgium"),
    "CA": _("Canada"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "FI": _("Finland"),
    "FR": _("France"),
    "DE": _("Germany"),
    "IL": _("Israel"),
    "IT": _("Italy"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "PT": _("Portugal"),
    "ES": _("Spain"),
    "SE": _("Sweden"),
    "CH": _("Switzerland"),
    "GB": _("United Kingdom"),
    "US": _("United States"),
}
"""ISO 3166-1 codes of two letters with the name in the active language."""


def country_name(code: str) -> str:
    """The country's name in the active language; the code itself where the name is not kept here."""
    return str(COUNTRIES.get(code, code))


def country_choices(also: str = "") -> list[tuple[str, Any]]:
    """What a form offers: nothing, Thailand, the others by name in the active language; `also` a code not kept here."""
    others = sorted((str(name), code) for code, name in COUNTRIES.items() if code != "TH")
    others.sort(key=lambda other: sort_key(other[0]))
    unknown = [(also, also)] if also and also not in COUNTRIES else []
    return [("", _("Not stated")), ("TH", COUNTRIES["TH"]), *((code, name) for name, code in others), *unknown]
