"""Root URLconf, composed from settings.APP_URLS, so that no app is imported here."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal import health, metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.view, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("portal.api")),
    *(path("", include(urls)) for urls in settings.APP_URLS),
    path("accounts/", include("portal.accounts.urls")),
]

handler500 = "portal.ui.views.server_error"
