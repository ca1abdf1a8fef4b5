from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "portal.dashboards"
    verbose_name = _("总览")

    def ready(self) -> None:
        # The project root is not an app, so the topmost app registers its system checks.
        from portal import checks  # noqa: F401
