"""What was not delivered: looked at by the desk and by officials, dealt with at the desk."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from centers import access
from portal.accounts.roles import Permission
from portal.dashboards.delivery import selectors as delivery
from portal.notifications import keys, subjects
from portal.notifications import services as notifications
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    if not access.codes_where(request.user, Permission.VIEW_DAY):
        raise PermissionDenied
    group = _asked_group(request)
    now = timezone.now()
    found = delivery.within_reach(request.user, now)
    counts = delivery.counts(found)
    rows = found.filter(group.states).select_related("called_by").order_by("-due_at", "-pk")
    page = page_of(request, rows)
    return render(
        request,
        "dashboards/delivery/board.html",
        {
            "group": group,
            "groups": [{"group": one, "number": counts[one.key]} for one in delivery.GROUPS],
            "page": page,
            "rows": delivery.rows(list(page), now),
            "can_act": access.has_permission(request.user, Permission.MARK_ATTENDANCE),
        },
    )


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    message = _message_for(request, pk)
    try:
        notifications.send_again(message=message)
    except RuleBroken as broken:
        return _back(request, refusal=str(broken))
    return _back(request, _("这条消息马上再发一次。"))


@require_POST
def called(request: HttpRequest, pk: int) -> HttpResponse:
    message = _message_for(request, pk)
    try:
        notifications.called(message=message, by=request.user)
    except RuleBroken as broken:
        return _back(request, refusal=str(broken))
    return _back(request, _("记下了：您已打电话告知，这条消息不再发送。"))


def _message_for(request: HttpRequest, pk: int) -> Message:
    """404 for a message about what the person may not see, 403 where they may look but not do this."""
    message = get_object_or_404(Message, pk=pk)
    prefix, about = keys.parsed(message.subject)
    subject = subjects.registered().get(prefix)
    if subject is None or about is None:
        raise Http404("about nothing of ours")
    rows = subject.rows().filter(pk=about)
    if not access.bounded(rows, subject.division, request.user, Permission.VIEW_DAY).exists():
        raise Http404("about nothing within reach")
    if not access.bounded(rows, subject.division, request.user, subject.handled_by).exists():
        raise PermissionDenied
    return message


def _asked_group(request: HttpRequest) -> delivery.Group:
    asked = request.GET.get("show")
    return next((group for group in delivery.GROUPS if group.key == asked), delivery.GROUPS[0])


def _back(request: HttpRequest, done: str = "", refusal: str = "") -> HttpResponse:
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, done)
    return redirect(f"{reverse('delivery_board')}?{urlencode({'show': _asked_group(request).key})}")
