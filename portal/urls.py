"""Root URLconf. String includes only, so that no app is imported here."""

from django.contrib import admin
from django.urls import include, path

from portal import health, metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.view, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("portal.api")),
    path("", include("portal.ui.urls")),
    path("", include("centers.urls")),
    path("", include("appointments.urls")),
    path("", include("assessments.urls")),
    path("", include("portal.dashboards.urls")),
    path("", include("portal.notifications.urls")),
    path("accounts/", include("portal.accounts.urls")),
]

handler500 = "portal.ui.views.server_error"
