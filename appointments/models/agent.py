"""Who handles what at a center, and the times at which nobody there does."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models.slot import Slot
from centers.models import Center, Staff


class ItemAgentQuerySet(models.QuerySet):
    def current(self) -> "ItemAgentQuerySet":
        return self.filter(ended_at__isnull=True)


class ItemAgent(models.Model):
    """A person handles an item, first (A岗) or as backup (B岗). An item that names nobody is handled by everybody.

    By the item's code: a new version of the item is handled by the same people.
    """

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="item_agents")
    item_code = models.SlugField(_("事项编码"), max_length=20)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("谁办"), related_name="items")
    is_backup = models.BooleanField(_("B岗"), default=False)
    since = models.DateTimeField(_("从什么时候"), default=timezone.now)
    ended_at = models.DateTimeField(_("到什么时候"), null=True, blank=True)

    objects = ItemAgentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("事项经办人")
        ordering = ["center", "item_code", "is_backup", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "item_code"],
                condition=Q(ended_at__isnull=True),
                name="a_person_is_named_once_for_an_item",
                violation_error_message=_("这个人已经在办这件事了。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.staff}"


class SlotGap(models.Model):
    """Nobody on duty in this slot handles this item. Written with the slots, from rosters and leave; never by hand.

    The center stands here as well, so that free times ask once for its gaps and not once for each slot.
    """

    center = models.ForeignKey(Center, models.CASCADE, verbose_name=_("中心"), related_name="+", db_index=False)
    slot = models.ForeignKey(Slot, models.CASCADE, verbose_name=_("时间"), related_name="gaps")
    item_code = models.SlugField(_("事项编码"), max_length=20, db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("没人办的时间")
        constraints = [
            models.UniqueConstraint(fields=["slot", "item_code"], name="a_gap_of_a_slot_is_listed_once"),
        ]
        indexes = [models.Index(fields=["center", "item_code"], name="gap_of_center")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.item_code}"
