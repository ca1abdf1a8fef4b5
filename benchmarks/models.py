from django.db import models

from appointments.models import Slot


class BareBooking(models.Model):
    """A minimal booking. The benchmark creates its table, without a migration."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="+")
    name = models.CharField(max_length=30)
    phone = models.CharField(max_length=20)
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        app_label = "benchmarks"
