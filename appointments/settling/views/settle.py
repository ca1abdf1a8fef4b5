"""The displaced bookings of a center: each is moved, cancelled, or kept on purpose."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appointments.booking.access import appointment_for
from appointments.settling import services as settling
from appointments.settling.access import kept_for
from appointments.settling.forms import KeepForm
from appointments.settling.reached import with_contact
from centers import access
from centers.models import Center
from centers.request_access import center_for, other_centers
from portal.accounts.roles import Permission
from portal.ui.responses import told


@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    center = center_for(request, Permission.VIEW_DAY)
    context = {
        "center": center,
        "rows": with_contact(settling.waiting_at(center)),
        "kept": settling.kept_at(center),
        "can_book": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=center),
        "can_see_names": access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center),
        "others": other_centers(request, Permission.VIEW_DAY),
    }
    return render(request, "appointments/settling/waiting.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = appointment_for(request, pk, Permission.BOOK_FOR_OTHERS)
    form = KeepForm(request.POST or None)
    if form.is_valid():
        with told(request, _("记下了：照常办。要反悔，在下面“照常办的”里撤回。")):
            settling.keep(appointment=appointment, how=form.cleaned_data["how"], by=request.user)
        return redirect(_list_of(appointment.center))
    context = {
        "form": form,
        "appointment": appointment,
        "center": appointment.center,
        "question": _("这个预约照常办吗？"),
        "consequence": _("人来了要有人接。记下以后，它就不在“要安置的”里了。"),
        "action": _("照常办"),
        "back_url": _list_of(appointment.center),
    }
    return render(request, "appointments/settling/keep.html", context)


@require_POST
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    kept = kept_for(request, pk)
    center = kept.appointment.center
    settling.put_back(kept=kept, by=request.user)
    messages.success(request, _("撤回了。时间还没有开放的，又回到“要安置的”里。"))
    return redirect(_list_of(center))


def _list_of(center: Center) -> str:
    return f"{reverse('desk_settle')}?center={center.code}"
