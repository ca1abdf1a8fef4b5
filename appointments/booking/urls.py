from django.urls import path

from appointments.booking import slip
from appointments.booking import views as booking
from appointments.views.public import center, family, lookup

urlpatterns = [
    path("centers/<str:code>/", center.center, name="center"),
    path("centers/<str:code>/book/", booking.what, name="book"),
    path("centers/<str:code>/book/<slug:item>/", booking.when, name="book_time"),
    path("centers/<str:code>/book/<slug:item>/<int:slot>/", booking.who, name="book_who"),
    path("bookings/", lookup.look_up, name="bookings"),
    path("bookings/<slug:link>/", slip.slip, name="booking"),
    path("bookings/<slug:link>/print/", slip.paper, name="booking_print"),
    path("bookings/<slug:link>/calendar.ics", slip.ics, name="booking_ics"),
    path("bookings/<slug:link>/move/", slip.move, name="booking_move"),
    path("bookings/<slug:link>/cancel/", slip.cancel, name="booking_cancel"),
    path("me/", family.me, name="me"),
    path("me/cases/", family.cases, name="my_cases"),
    path("me/messages/", family.inbox, name="inbox"),
]
