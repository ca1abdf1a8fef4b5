from django.db import models


class Slot(models.Model):
    """The portal's table, with the columns that a bare view reads."""

    center_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    online_places = models.PositiveSmallIntegerField()
    online_taken = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "appointments_slot"


class Booking(models.Model):
    slot_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        managed = False
        db_table = "benchmarks_barebooking"
