"""The door the server knocks at."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govlab.settings")
application = get_wsgi_application()
# What is loaded by now stays; looked through again and again for what nobody needs, it takes half the time of a page.
get_resolver().url_patterns  # noqa: B018 (brings the doors in)
gc.collect()
gc.freeze()
