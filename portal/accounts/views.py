"""allauth's sign-in views, adapted to phone numbers; and the page for a forgotten password."""

from allauth.account import views as allauth
from allauth.account.internal.stagekit import clear_login
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts import codes
from portal.accounts.adapter import DEMO_CODE_IN_SESSION, put_to_sleep, villager_with


class LoginView(allauth.LoginView):
    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs) | {"codes_arrive": codes.can_arrive()}
        if settings.DEMO:
            context |= {"demo_logins": settings.DEMO_LOGINS, "demo_password": settings.DEMO_PASSWORD}
        return context

    def _redirect_to_pending_stage(self, request: HttpRequest, stage) -> None:
        """Returning to this page restarts the sign-in (mistyped phone) instead of resuming the pending stage."""
        clear_login(request)


@method_decorator(login_not_required, name="dispatch")
class RequestCodeView(allauth.RequestLoginCodeView):
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not codes.can_arrive():
            return redirect("account_login")  # which says what to do instead
        return super().dispatch(request, *args, **kwargs)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage) -> None:
        clear_login(request)

    def form_valid(self, form) -> HttpResponse:
        try:
            response = super().form_valid(form)
        except codes.TooManyCodes as refusal:
            refusal.add_to(form)
            return self.form_invalid(form)
        if codes.is_scarce():
            # To everybody, so that nobody learns from it which numbers are known.
            sentence = _(
                "今天的短信快发完了，只给约过或登录过的手机号发验证码。没有收到的话，请用密码登录，或请中心的工作人员帮忙。"
            )
            messages.warning(self.request, sentence)
        return response


class ConfirmCodeView(allauth.ConfirmLoginCodeView):
    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"phone": self._process.state["phone"]}

    def _verify_form_valid(self, form) -> HttpResponse:
        if self._process.user is None:
            # First sign-in of this phone: allauth had no user for the pending stage, so it gets one now.
            user = villager_with(form.phone)
            self.stage.login.user = user
            self._process.state["user_id"] = user_id_to_str(user)
        put_to_sleep(self._process.user or user)
        return super()._verify_form_valid(form)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "phone": self._process.state["phone"],
            "demo_code": self.request.session.get(DEMO_CODE_IN_SESSION) if settings.DEMO else None,
        }


@login_not_required
@require_safe
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Sign in by SMS code and set a new password; or, where no code arrives, ask the center."""
    return render(request, "account/password_reset.html", {"codes_arrive": codes.can_arrive()})
