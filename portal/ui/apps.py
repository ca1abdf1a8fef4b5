from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "portal.ui"

    def ready(self) -> None:
        from portal.ui import lookups

        lookups.register()
