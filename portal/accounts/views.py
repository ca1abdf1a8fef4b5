"""allauth's views where they need to know a phone, and what to do when a password is forgotten."""

from allauth.account import views as allauth
from allauth.account.internal.stagekit import clear_login
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts import codes
from portal.accounts.adapter import DEMO_CODE_IN_SESSION, villager_with


class LoginView(allauth.LoginView):
    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            context |= {"demo_logins": settings.DEMO_LOGINS, "demo_password": settings.DEMO_PASSWORD}
        return context

    def _redirect_to_pending_stage(self, request: HttpRequest, stage) -> None:
        """Whoever comes back here mistyped a phone or thought again: let them start anew."""
        clear_login(request)


class RequestCodeView(allauth.RequestLoginCodeView):
    def _redirect_to_pending_stage(self, request: HttpRequest, stage) -> None:
        clear_login(request)

    def form_valid(self, form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except codes.TooManyCodes as refusal:
            refusal.add_to(form)
            return self.form_invalid(form)


class ConfirmCodeView(allauth.ConfirmLoginCodeView):
    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"phone": self._process.state["phone"]}

    def _verify_form_valid(self, form) -> HttpResponse:
        if self._process.user is None:
            # The first time that this phone comes: allauth waited for nobody, now there is somebody.
            user = villager_with(form.phone)
            self.stage.login.user = user
            self._process.state["user_id"] = user_id_to_str(user)
        return super()._verify_form_valid(form)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {
            "phone": self._process.state["phone"],
            "demo_code": self.request.session.get(DEMO_CODE_IN_SESSION) if settings.DEMO else None,
        }


@login_not_required
@require_safe
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """No e-mail here: sign in by a code and set a new one, or ask the center."""
    return render(request, "account/password_reset.html")
