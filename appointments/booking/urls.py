from django.urls import path

from appointments.booking import answering, slip
from appointments.booking import views as booking

urlpatterns = [
    path("centers/<str:code>/book/", booking.what, name="book"),
    path("centers/<str:code>/book/<slug:item>/", booking.when, name="book_time"),
    path("centers/<str:code>/book/<slug:item>/<int:slot>/", booking.who, name="book_who"),
    path("bookings/<slug:link>/", slip.slip, name="booking"),
    path("bookings/<slug:link>/print/", slip.paper, name="booking_print"),
    path("bookings/<slug:link>/calendar.ics", slip.ics, name="booking_ics"),
    path("bookings/<slug:link>/move/", slip.move, name="booking_move"),
    path("bookings/<slug:link>/cancel/", slip.cancel, name="booking_cancel"),
    # Short and without a trailing slash, to save SMS characters.
    path("c/<str:token>", answering.booking, name="answer"),
]
