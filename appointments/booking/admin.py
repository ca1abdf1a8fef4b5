"""Bookings in the admin, read-only, and closures with the bookings that they affect."""

import re

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.booking.models import Appointment, KeptBooking, LinkUse, Status
from centers.admin.base import BoundedAdmin, NoDelete, ReadOnly, TownshipFilter, hidden_name, hidden_phone
from centers.models import ClosureNotice
from centers.services import closures
from portal.accounts.viewing import AccessLogged
from portal.ui.errors import RuleBroken

LINKED = 200


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("状态")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        return queryset.with_status(Status(self.value())) if self.value() in Status.values else queryset


class AmongFilter(admin.SimpleListFilter):
    """`id__in=1,2`: the bookings that a closure touches, to which its message has a link. No numbers, no row."""

    title = gettext_lazy("所选的")
    parameter_name = "id__in"

    def lookups(self, request, model_admin):
        return ()

    def queryset(self, request, queryset):
        if not (asked := self.value()):
            return queryset
        return queryset.filter(
            pk__in=[int(one) for one in asked.split(",")[:LINKED] if re.fullmatch("[0-9]{1,18}", one)]
        )


@admin.register(Appointment)
class AppointmentAdmin(AccessLogged, ReadOnly, BoundedAdmin):
    code_path = "center__division__code"
    list_display = ("starts_at", "center", "item", "hidden_name", "hidden_phone", "channel", "status_label")
    list_filter = (StatusFilter, "channel", AmongFilter, TownshipFilter)
    list_select_related = ("center", "item", "resident")
    search_fields = ("=code", "resident__name_key__name_seen", "phone__number_seen")
    search_help_text = gettext_lazy("预约码、姓名，或电话最后四位")
    date_hierarchy = "starts_at"
    exclude = ("link", "key")
    hidden_name, hidden_phone = hidden_name("resident__name"), hidden_phone()

    @admin.display(description=gettext_lazy("状态"))
    def status_label(self, appointment: Appointment) -> str:
        return appointment.status.label


@admin.register(LinkUse)
class LinkUseAdmin(ReadOnly, BoundedAdmin):
    code_path = "appointment__center__division__code"
    list_display = ("used_at", "appointment", "did")
    list_filter = ("did",)
    list_select_related = ("appointment__item",)
    exclude = ("key",)
    show_full_result_count = False


@admin.register(KeptBooking)
class KeptBookingAdmin(ReadOnly, BoundedAdmin):
    code_path = "appointment__center__division__code"
    list_display = ("appointment", "starts_at", "how", "at", "by")
    list_filter = ("how",)
    list_select_related = ("appointment__item", "by")
    show_full_result_count = False


@admin.register(ClosureNotice)
class ClosureNoticeAdmin(NoDelete, BoundedAdmin):
    """In this app and not in centers, because approving a closure also closes slots."""

    code_path = "center__division__code"
    list_display = ("center", "starts_at", "ends_at", "reason", "requested_by", "approved_at", "withdrawn_at")
    list_filter = ("reason", ("approved_at", admin.EmptyFieldListFilter), TownshipFilter)
    list_select_related = ("center", "requested_by")
    search_fields = ("center__name",)
    autocomplete_fields = ("center",)
    fields = (
        "center",
        "starts_at",
        "ends_at",
        "reason",
        "note",
        "requested_by",
        "created_at",
        "approved_by",
        "approved_at",
        "withdrawn_at",
    )
    readonly_fields = ("requested_by", "created_at", "approved_by", "approved_at", "withdrawn_at")
    actions = ("approve", "withdraw")

    def has_change_permission(self, request, obj=None) -> bool:
        # A decided closure is immutable; it can only be withdrawn.
        is_decided = obj is not None and bool(obj.approved_at or obj.withdrawn_at)
        return not is_decided and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change) -> None:
        if not change:
            obj.requested_by = request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("批准所选的停开"), permissions=["view"])
    def approve(self, request, queryset) -> None:
        self._decide(request, queryset, closures.approve, _("已批准：%(closure)s。"))

    @admin.action(description=gettext_lazy("撤回所选的停开"), permissions=["view"])
    def withdraw(self, request, queryset) -> None:
        self._decide(request, queryset, closures.withdraw, _("已撤回：%(closure)s。"))

    def _decide(self, request, queryset, decide, sentence: str) -> None:
        for closure in queryset.select_related("center__division"):
            try:
                decided = decide(closure=closure, by=request.user)
            except RuleBroken as refusal:
                messages.error(request, f"{closure}：{refusal}")
                continue
            messages.success(request, sentence % {"closure": decided})
            if decide is closures.approve:
                self._name_affected(request, decided)

    def _name_affected(self, request, closure: ClosureNotice) -> None:
        affected = Appointment.objects.filter(center=closure.center).with_status(Status.BOOKED)
        affected = affected.filter(starts_at__lt=closure.ends_at, ends_at__gt=closure.starts_at)
        pks = list(affected.values_list("pk", flat=True)[:LINKED])
        if not pks:
            messages.info(request, _("这段时间没有人预约。"))
            return
        page = reverse("admin:appointments_appointment_changelist") + f"?id__in={','.join(map(str, pks))}"
        sentence = _("这段时间有 %(count)d 个预约受影响，请打电话帮他们改时间：") % {"count": affected.count()}
        messages.warning(request, format_html('{}<a href="{}">{}</a>', sentence, page, _("看这些预约")))
