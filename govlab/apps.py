"""The tools that every app stands on."""

from django.apps import AppConfig


class GovlabConfig(AppConfig):
    """Site-wide tools; knows no app."""

    name = "govlab"
