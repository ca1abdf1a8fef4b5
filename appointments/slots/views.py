"""Who handles what at a center: A岗 and B岗 of each item."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from appointments.catalog.offered import by_category, item_or_404, items_at, not_offered_at
from appointments.slots import agents as naming
from appointments.slots.models import ItemAgent
from centers.days.asking import change_or_ask
from centers.duty.access import managed
from centers.models import Staff
from portal.ui.forms import Form


class AgentsForm(Form):
    """A岗 and B岗 of one item."""

    first = forms.ModelMultipleChoiceField(
        Staff.objects.none(), label=gettext_lazy("平时谁办（A岗）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    backup = forms.ModelMultipleChoiceField(
        Staff.objects.none(),
        label=gettext_lazy("不在时谁办（B岗）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("两处都不勾，就是谁当班谁办。"),
    )

    def __init__(self, data=None, *, staff, **kwargs):
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            field.queryset = staff


@never_cache
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    center = managed(request)
    named: dict[str, dict[bool, list[str]]] = {}
    agents = ItemAgent.objects.current().filter(center=center).select_related("staff")
    for agent in agents.order_by("staff__order", "pk"):
        named.setdefault(agent.item_code, {False: [], True: []})[agent.is_backup].append(agent.staff.name)
    groups = [
        (
            word,
            [
                {
                    "item": item,
                    "first": named.get(item.code, {}).get(False, []),
                    "backup": named.get(item.code, {}).get(True, []),
                }
                for item in group
            ],
        )
        for word, group in by_category(items_at(center))
    ]
    return render(
        request,
        "appointments/slots/items.html",
        {
            "center": center,
            "can_manage": True,
            "works_here": True,
            "groups": groups,
            "not_offered": not_offered_at(center),
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
def agents(request: HttpRequest, code: str) -> HttpResponse:
    center = managed(request)
    item = item_or_404(center, code)
    current = ItemAgent.objects.current().filter(center=center, item_code=item.code)
    form = AgentsForm(
        request.POST if request.method == "POST" else None,
        staff=Staff.objects.working().filter(center=center).order_by("order", "pk"),
        initial={
            "first": current.filter(is_backup=False).values_list("staff", flat=True),
            "backup": current.filter(is_backup=True).values_list("staff", flat=True),
        },
    )
    if form.is_valid():
        made = change_or_ask(
            request,
            partial(naming.name_agents, center=center, item_code=item.code, **form.cleaned_data, by=request.user),
            question=_("这样定吗？"),
            action=_("照这样定"),
            back_url=f"{reverse('duty_items')}?center={center.code}",
        )
        if made.page:
            return made.page
        messages.success(request, _("记好了。没有人办的时间，网上就约不到这件事。"))
        return redirect(f"{reverse('duty_items')}?center={center.code}")
    return render(request, "appointments/slots/agents.html", {"center": center, "item": item, "form": form})
