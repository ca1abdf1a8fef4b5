from auditlog.apps import AuditlogConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "portal.accounts"
    verbose_name = _("账户")

    def ready(self) -> None:
        from allauth.mfa.models import Authenticator
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import pre_save

        from portal.accounts import idle, invitations, sign_in_log, single_use

        user_logged_in.connect(idle.start)
        user_logged_in.connect(invitations.void_at_sign_in)
        pre_save.connect(single_use.keep_first, sender=Authenticator)
        sign_in_log.connect()


class AuditLogConfig(AuditlogConfig):
    """django-auditlog with a Chinese name in the admin."""

    verbose_name = _("修改记录")
