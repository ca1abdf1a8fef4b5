"""What was not delivered, and whom to call: looked at by the desk and by officials, dealt with at the desk."""

from urllib.parse import urlencode

from auditlog.models import LogEntry
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centers import access
from portal.accounts.roles import Permission
from portal.dashboards.delivery import selectors as delivery
from portal.notifications import keys, subjects
from portal.notifications import services as notifications
from portal.notifications.channels import without_provider
from portal.notifications.models import Message, State
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    if not access.codes_where(request.user, Permission.VIEW_DAY):
        raise PermissionDenied
    now = timezone.now()
    found = delivery.within_reach(request.user, now)
    counts = delivery.counts(found)
    group = _asked_group(request, counts)
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
            "lacking": [channel.label for channel in without_provider()],
            "now": now,
            "can_act": access.has_permission(request.user, Permission.MARK_ATTENDANCE),
        },
    )


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    message, _about = _message_for(request, pk)
    try:
        notifications.send_again(message=message)
    except RuleBroken as broken:
        return _back(request, refusal=str(broken))
    return _back(request, _("这条消息马上再发一次。"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: to be called and not sent any more. GET: the number, what to say, and what came of the call."""
    message, about = _message_for(request, pk)
    if request.method == "POST":
        try:
            notifications.call_instead(message=message)
        except RuleBroken as broken:
            return _back(request, refusal=str(broken))
        return redirect(f"{request.path}?{urlencode({'show': _asked_group(request).key})}")
    if message.state not in (State.TO_CALL, State.CALLED):
        return _back(request, refusal=_("这条消息刚刚已经发出或处理过了。请看看最新的情况。"))
    # The page shows the phone number in full, so the view is written to the audit log.
    LogEntry.objects.log_create(about, force_log=True, action=LogEntry.Action.ACCESS)
    now = timezone.now()
    context = {
        "row": delivery.rows([message], now)[0],
        "words": delivery.what_to_say(message, now),
        "group": _asked_group(request),
    }
    return render(request, "dashboards/delivery/call.html", context)


@require_POST
def called(request: HttpRequest, pk: int) -> HttpResponse:
    message, _about = _message_for(request, pk)
    try:
        notifications.called(message=message, by=request.user)
    except RuleBroken as broken:
        return _back(request, refusal=str(broken))
    return _back(request, _("记下了：您已打电话告知。点错了，在“已打电话”里撤销。"))


@require_POST
def not_reached(request: HttpRequest, pk: int) -> HttpResponse:
    message, _about = _message_for(request, pk)
    try:
        notifications.not_reached(message=message)
    except RuleBroken as broken:
        return _back(request, refusal=str(broken))
    return _back(request, _("记下了：没打通。还在“要打电话”里，过半小时再打。"))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    message, _about = _message_for(request, pk)
    try:
        notifications.undo_call(message=message)
    except RuleBroken as broken:
        return _back(request, refusal=str(broken))
    return _back(request, _("撤销了，又在“要打电话”里。"))


def _message_for(request: HttpRequest, pk: int) -> tuple[Message, Model]:
    """The message and what it is about. 404 where one may not see it, 403 where one may look but not do this."""
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
    return message, rows.get()


def _asked_group(request: HttpRequest, counts: dict[str, int] | None = None) -> delivery.Group:
    """Unless one is asked for, the first in which there is something to do."""
    asked = request.GET.get("show")
    busy = next((group for group in delivery.GROUPS if (counts or {}).get(group.key)), delivery.GROUPS[0])
    return next((group for group in delivery.GROUPS if group.key == asked), busy)


def _back(request: HttpRequest, done: str = "", refusal: str = "") -> HttpResponse:
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, done)
    return redirect(f"{reverse('delivery_board')}?{urlencode({'show': _asked_group(request).key})}")
