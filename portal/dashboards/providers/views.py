"""Whether SMS, calls and mail are set up, what lately became of them, and a test to one's own number."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from centers import access
from portal.accounts import throttle
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.accounts.throttle import DAY, HOUR, Limit
from portal.dashboards.providers.channels import TITLES, address_of, is_set_up, outcome_of, state_of
from portal.notifications.models import State
from portal.notifications.services import provider_tests

A_PERSON_AN_HOUR, ALL_A_DAY = 5, 50


def testing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: the system administrator and who holds the right anywhere; 403 for everybody else."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        user = request.user
        if not ((user.is_superuser and user.is_staff) or access.has_permission(user, Permission.TEST_PROVIDERS)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer


@never_cache
@require_safe
@testing
def providers(request: HttpRequest) -> HttpResponse:
    states = [state_of(channel, request.user) for channel in TITLES]
    testers = {provider_tests.tester_of(test) for state in states for test in state.tests}
    names = User.objects.in_bulk(testers)
    rows = [
        (state, [(test, names.get(provider_tests.tester_of(test)), outcome_of(test)) for test in state.tests])
        for state in states
    ]
    return render(request, "dashboards/providers/providers.html", {"channels": rows})


@require_POST
@testing
def test(request: HttpRequest, channel: str) -> HttpResponse:
    if channel not in TITLES:
        raise Http404("no such channel")
    if not is_set_up(channel):
        messages.error(request, _("%(channel)s还没有接，发不了。下面写了要设什么。") % {"channel": TITLES[channel]})
    elif not (address := address_of(channel, request.user)):
        messages.error(request, _("您的账号没有号码或邮箱，不知道发给谁。请让系统管理员在数据维护里填上。"))
    elif throttle.claim(_limits(channel, request.user)):
        messages.error(request, _("试得太多了，每条都是要花钱的。请过一小时再试。"))
    else:
        sent = provider_tests.send_test(channel, address, request.user.pk)
        is_fine = sent.state in (State.SENT, State.DELIVERED)
        (messages.success if is_fine else messages.error)(request, outcome_of(sent))
    return redirect("providers")


def _limits(channel: str, user: User) -> list[Limit]:
    return [
        Limit(f"provider-test:{user.pk}", A_PERSON_AN_HOUR, HOUR),
        Limit(f"provider-test:{channel}", ALL_A_DAY, DAY),
    ]
