from django.urls import path

from appointments.desk.views import calling as queue
from appointments.desk.views import day, window
from appointments.tickets import screen
from appointments.tickets import views as ticket

urlpatterns = [
    path("desk/news/", day.news, name="desk_news"),
    path("desk/window/", window.choose, name="desk_window"),
    path("desk/next/", queue.call_next, name="desk_next"),
    path("desk/tickets/", queue.give, name="desk_tickets"),
    path("desk/tickets/<int:pk>/", queue.detail, name="desk_ticket"),
    path("desk/tickets/<int:pk>/print/", queue.paper, name="desk_ticket_print"),
    path("desk/tickets/<int:pk>/call/", queue.call, name="desk_ticket_call"),
    path("desk/tickets/<int:pk>/priority/", queue.favour, name="desk_ticket_priority"),
    path("desk/tickets/<int:pk>/do/<slug:action>/", queue.act, name="desk_ticket_do"),
    path("desk/tickets/<int:pk>/who/<int:resident>/<slug:item>/", queue.identify, name="desk_ticket_who"),
    path("desk/tickets/<int:pk>/<slug:mark>/", day.mark_ticket, name="desk_ticket_mark"),
    path("tickets/<slug:link>/", ticket.ticket, name="ticket"),
    path("centers/<str:code>/ticket/", ticket.take, name="ticket_take"),
    path("centers/<str:code>/screen/", screen.screen, name="screen"),
    path("centers/<str:code>/screen/calls/", screen.calls, name="screen_calls"),
]
