"""评价: what people said of the centers within reach, without their names; bad ones are read and ticked off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assessments import services
from assessments.models import ABOVE, CENTER, Rating
from centers import access
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.ui.pagination import page_of
from portal.ui.params import number

SHOWN = {"new": gettext_lazy("还没看的"), "bad": gettext_lazy("不满意的"), "all": gettext_lazy("全部")}


@never_cache
@require_GET
def ratings(request: HttpRequest) -> HttpResponse:
    side, found = _seen_by(request.user)
    show = request.GET.get("show") if request.GET.get("show") in SHOWN else "all"
    now = timezone.now()
    rows = {"new": found.to_read(side, now), "bad": found.bad(), "all": found}[show]
    new = {pk for (pk,) in found.to_read(side, now).values_list("pk")}
    page = page_of(request, rows.for_pages().order_by("-rated_at", "-pk"), per_page=30)
    context = {
        "page": page,
        "shown": [(key, word, key == show) for key, word in SHOWN.items()],
        "show": show,
        "new": new,
        "to_tick": [rating.pk for rating in page if rating.pk in new],
        "with_center": side == ABOVE or len({rating.center.pk for rating in page}) > 1,
    }
    return render(request, "assessments/ratings.html", context)


@require_POST
def have_read(request: HttpRequest) -> HttpResponse:
    """Those that the page showed, and no newer ones."""
    side, found = _seen_by(request.user)
    pks = [pk for one in request.POST.getlist("rating") if (pk := number(one)) is not None]
    done = services.have_read(ratings=found.filter(pk__in=pks[:100]), side=side, by=request.user)
    said = _("记下了：您看过%(number)s条。") if done else _("这些都已经有人看过了。")
    messages.success(request, said % {"number": done})
    return redirect(f"{reverse('manage_ratings')}?show=new")


def _seen_by(user: User):
    """(CENTER or ABOVE, the ratings within reach). The manager reads for the center, everybody else from above."""
    if not access.codes_where(user, Permission.VIEW_REPORTS):
        raise PermissionDenied
    side = CENTER if access.codes_where(user, Permission.MANAGE_CENTER) else ABOVE
    permission = Permission.MANAGE_CENTER if side == CENTER else Permission.VIEW_REPORTS
    return side, access.bounded(Rating.objects.with_code(), "code", user, permission)
