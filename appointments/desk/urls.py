from django.urls import path

from appointments.desk.views import appointment, booking, day

urlpatterns = [
    path("desk/", day.day, name="desk"),
    path("desk/print/", day.paper, name="desk_print"),
    path("desk/book/", booking.who, name="desk_book"),
    path("desk/book/<int:resident>/", booking.what, name="desk_book_item"),
    path("desk/book/<int:resident>/<slug:item>/", booking.when, name="desk_book_time"),
    path("desk/appointments/<int:pk>/", appointment.detail, name="desk_appointment"),
    path("desk/appointments/<int:pk>/booked/", booking.booked, name="desk_booked"),
    path("desk/appointments/<int:pk>/move/", appointment.move, name="desk_move"),
    path("desk/appointments/<int:pk>/cancel/", appointment.cancel, name="desk_cancel"),
    path("desk/appointments/<int:pk>/<slug:mark>/", day.mark, name="desk_mark"),
]
