from django.urls import path

from appointments.tickets import screen
from appointments.tickets import views as tickets

urlpatterns = [
    path("tickets/<slug:link>/", tickets.ticket, name="ticket"),
    path("centers/<str:code>/ticket/", tickets.take, name="ticket_take"),
    path("centers/<str:code>/screen/", screen.screen, name="screen"),
    path("centers/<str:code>/screen/calls/", screen.calls, name="screen_calls"),
]
