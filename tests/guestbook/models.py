from django.db import models
from django.utils import timezone

from centers.models import Center, Resident


class Note(models.Model):
    """A resident's note to a center. With `wants_a_place`, they wait for a free place."""

    center = models.ForeignKey(Center, models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+")
    text = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    wants_a_place = models.BooleanField(default=False)
