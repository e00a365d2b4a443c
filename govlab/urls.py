"""The front hall: which door lies behind which address."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from rest_framework.routers import SimpleRouter

import agencies.account.urls
import agencies.api.urls
import agencies.desk.urls
import agencies.public.urls
import agencies.workspace.urls
import projects.api.urls
import projects.desk.urls
import projects.public.urls
import projects.workspace.urls
from govlab.health import Health
from projects.api.docs import Docs, Schema

public = agencies.public.urls.urlpatterns + projects.public.urls.urlpatterns
workspace = agencies.workspace.urls.urlpatterns + projects.workspace.urls.urlpatterns
desk = agencies.desk.urls.urlpatterns + projects.desk.urls.urlpatterns

router = SimpleRouter()
for prefix, viewset, name in agencies.api.urls.ROUTES + projects.api.urls.ROUTES:
    router.register(prefix, viewset, basename=name)

urlpatterns = [
    path("healthz", Health.as_view(), name="healthz"),
    path("api/v1/", include(([*router.urls, *projects.api.urls.urlpatterns], "api"))),
    path("api/v1/schema/", Schema.as_view(), name="api-schema"),
    *i18n_patterns(
        path("api/docs/", Docs.as_view(), name="api-docs"),
        path("accounts/", include((agencies.account.urls.own, "account"))),
        path("accounts/", include(agencies.account.urls.urlpatterns)),
        path("workspace/", include((workspace, "workspace"))),
        path("desk/", include((desk, "desk"))),
        path("", include((public, "public"))),
        prefix_default_language=False,
    ),
]
handler400 = "govlab.api.not_read"
handler404 = "govlab.api.not_found"
handler500 = "govlab.trouble.trouble"
