"""How allauth signs people in here: by username or phone, with a password or a code sent by SMS."""

import secrets
import time
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts import codes, invitations, password_throttle
from portal.accounts.addresses import client_address
from portal.accounts.models import LoginCode, User
from portal.accounts.phones import PhoneField
from portal.ui import numbers

WRONG = _("登录名或密码不对。请再看一遍；忘了密码，点下面的“忘了密码”。")

# Session key: primary key of the LoginCode that this session asked for.
CODE_IN_SESSION = "accounts_login_code"
DEMO_CODE_IN_SESSION = "accounts_demo_code"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账户已停用，请联系中心或乡镇的管理员。"),
        "phone_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "enter_current_password": _("现在的密码不对，请再输一遍。"),
        "incorrect_password": _("密码不对，请再输一遍。"),
        "incorrect_code": _("验证码不对，请照着短信或动态口令再输一遍。"),
        "too_many_login_attempts": _("试的次数太多了。请等一会儿再试，或者点下面的“忘了密码”。"),
        "rate_limited": _("操作太快了，请等一会儿再试。"),
        "same_as_current": _("新的和现在的一样，请换一个。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff get their account from an administrator; a villager's comes with the first code."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.OWN_ACCOUNT_URL)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse | None:
        """An account whose second factor was lost or whose number has changed opens by a new slip only."""
        if (response := super().pre_login(request, user, **kwargs)) is not None:
            return response
        if not invitations.is_only_way(user):
            return None
        clear_login(request)
        messages.warning(
            request, _("您的账户刚由上一级重设过，这一次要凭新的邀请单登录。没有单子，请找给您重设的人要。")
        )
        return redirect("invited_enter")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session.pop(CODE_IN_SESSION, None)
        request.session.pop(DEMO_CODE_IN_SESSION, None)

    # Passwords: throttled so that wrong guesses of others lock nobody out (password_throttle).

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        attempt = password_throttle.claim(request, _login_of(credentials))
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        self._attempt = attempt

    def _rollback_login_failed_rl_usage(self) -> None:
        """Called after a right password: it does not count against the rate limit."""
        password_throttle.succeeded(self._attempt)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """No second prompt right after signing in, for example to set up the second factor at once."""
        records = get_authentication_records(context.request, context.request.user)
        recent = time.time() - 300
        return not any(record.get("at", 0) > recent for record in records)

    # Codes by SMS. allauth keeps the code and the number of attempts in the session, which parallel requests can
    # bypass; ours are database rows (see codes), and the session holds only the row's key.

    def phone_form_field(self, **kwargs) -> PhoneField:
        return PhoneField(**kwargs)

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:
        return ""

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs) -> None:
        self._send_code(phone)

    def send_unknown_account_sms(self, phone: str, **kwargs) -> None:
        """An unknown number gets a code like any other, so that accounts cannot be enumerated."""
        self._send_code(phone)

    def _send_code(self, phone: str) -> None:
        request = context.request
        row, code = codes.send(phone=phone, purpose=LoginCode.Purpose.SIGN_IN, address=client_address(request))
        request.session[CODE_IN_SESSION] = row.pk
        if settings.DEMO:
            request.session[DEMO_CODE_IN_SESSION] = code

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = phone
        user.phone_verified_at = timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_verified_at"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, verified=True)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("不能停用动态口令。"),
        "cannot_generate_recovery_codes": _("先启用动态口令，才能生成备用码。"),
        "incorrect_code": _("动态口令不对。请看手机上现在显示的六位数，再输一遍。"),
    }

    def get_totp_issuer(self) -> str:
        return "家门口"


def villager_with(phone: str) -> User:
    """Get or create the account of a phone number that a code has just verified."""
    user, _created = User.objects.get_or_create(
        phone=phone,
        # Not the phone: login names are shown where phones are masked.
        defaults={"username": f"v{secrets.token_hex(6)}", "password": "!", "phone_verified_at": timezone.now()},
    )
    return user


def put_to_sleep(user: User) -> None:
    """At a sign-in by code: an account that nobody has used for so long sleeps until the center has seen the person."""
    last, now = user.last_login, timezone.now()
    days = import_string(settings.RULE_VALUE)("ACCOUNT_SLEEPS_AFTER_DAYS", None)
    if last and user.asleep_since is None and now - last > timedelta(days=days):
        user.asleep_since = now
        user.save(update_fields=["asleep_since"])


def _login_of(credentials: dict) -> str:
    return numbers.canonical(credentials.get("phone") or credentials.get("username") or "").lower()
