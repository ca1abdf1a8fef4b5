from django.urls import path

from appointments.views.cadre import appointment, booking, day

urlpatterns = [
    path("desk/", day.day, name="desk"),
    path("desk/print/", day.paper, name="desk_print"),
    path("desk/book/", booking.who, name="desk_book"),
    path("desk/appointments/<int:pk>/", appointment.detail, name="desk_appointment"),
    path("desk/appointments/<int:pk>/<slug:mark>/", day.mark, name="desk_mark"),
]
