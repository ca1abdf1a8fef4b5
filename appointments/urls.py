from django.urls import include, path

urlpatterns = [
    path("", include("appointments.catalog.urls")),
    path("", include("appointments.slots.urls")),
    path("", include("appointments.booking.urls")),
    path("", include("appointments.waiting.urls")),
    path("", include("appointments.tickets.urls")),
    path("", include("appointments.desk.urls")),
    path("", include("appointments.desk.offline.urls")),
    path("", include("appointments.cases.urls")),
    path("", include("appointments.leave.urls")),
    path("", include("appointments.settling.urls")),
    path("", include("appointments.offering.urls")),
]
