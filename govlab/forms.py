"""How forms are drawn: each field with its label, hint and error in one place."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws every field through the portal's own template."""

    field_template_name = "parts/_field.html"
