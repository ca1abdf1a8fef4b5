from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CentersConfig(AppConfig):
    name = "centers"
    verbose_name = _("中心")

    def ready(self) -> None:
        from centers.days import following
        from centers.people import drafts

        following.connect()
        drafts.connect()
