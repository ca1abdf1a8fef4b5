from django.apps import AppConfig


class GuestbookConfig(AppConfig):
    name = "tests.guestbook"
    default_auto_field = "django.db.models.BigAutoField"
