"""The names of the countries that facts name: Thailand, its neighbours, and those it learns from."""

from django.utils.translation import gettext_lazy as _

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
