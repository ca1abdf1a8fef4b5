import factory

from assessments import models
from tests.factories.appointments import AppointmentFactory


class RatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Rating

    appointment = factory.SubFactory(AppointmentFactory, served=True)
    level = models.Level.SATISFIED
    via = models.Rating.Via.CODE
