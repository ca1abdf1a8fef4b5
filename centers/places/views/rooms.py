"""The rooms of a center."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centers.duty.access import managed
from centers.models import Center, Room
from centers.places import services
from centers.places.forms import RoomForm
from portal.ui.errors import RuleBroken
from portal.ui.responses import UNPROCESSABLE


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a room."""
    center = managed(request)
    room = Room(center=center) if pk is None else get_object_or_404(Room, pk=pk, center=center)
    form = RoomForm(request.POST or None, instance=room)
    if form.is_valid():
        try:
            services.save_room(room=room, functions=form.cleaned_data["functions"], by=request.user)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            messages.success(request, _("房间记好了，中心的页面上就能看到。"))
            return redirect(_list_of(center))
    context = {"center": center, "form": form, "room": room, "back_url": _list_of(center)}
    return render(request, "centers/places/room.html", context, status=UNPROCESSABLE if form.is_bound else None)


@never_cache
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    center = managed(request)
    room = Room.objects.filter(pk=pk, center=center).first()
    if room is None:
        messages.info(request, _("这个房间已经去掉了。"))
        return redirect(_list_of(center))
    if request.method == "POST":
        services.remove_room(room=room, by=request.user)
        messages.success(request, _("去掉了。要加回来，点“加一个房间”。"))
        return redirect(_list_of(center))
    context = {
        "center": center,
        "question": _("去掉“%(room)s”吗？") % {"room": room.name},
        "consequence": _("中心的页面上就没有它了。只是暂时不借，可以改成不对群众开放。"),
        "action": _("去掉"),
        "back_url": _list_of(center),
    }
    return render(request, "centers/places/remove.html", context)


def _list_of(center: Center) -> str:
    return f"{reverse('manage_center')}?center={center.code}#rooms"
