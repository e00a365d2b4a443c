"""Agencies and people."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Agencies and people; knows nothing of projects."""

    name = "agencies"
