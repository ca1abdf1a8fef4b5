from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "portal.dashboards"
    verbose_name = _("总览")

    def ready(self) -> None:
        # The root of the project is no app; the uppermost of the apps registers what it checks.
        from portal import checks  # noqa: F401
