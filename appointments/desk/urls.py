from django.urls import path

from appointments.desk.views import appointment, booking, calling, day, people, window

urlpatterns = [
    path("desk/", day.day, name="desk"),
    path("desk/print/", day.paper, name="desk_print"),
    path("desk/news/", day.news, name="desk_news"),
    path("desk/window/", window.choose, name="desk_window"),
    path("desk/next/", calling.call_next, name="desk_next"),
    path("desk/book/", booking.who, name="desk_book"),
    path("desk/book/<int:resident>/", booking.what, name="desk_book_item"),
    path("desk/book/<int:resident>/<slug:item>/", booking.when, name="desk_book_time"),
    path("desk/people/", people.people, name="desk_people"),
    path("desk/people/<int:pk>/join/", people.join, name="desk_join"),
    path("desk/people/accounts/<int:pk>/seen/", people.seen, name="desk_seen"),
    path("desk/appointments/<int:pk>/", appointment.detail, name="desk_appointment"),
    path("desk/appointments/<int:pk>/booked/", booking.booked, name="desk_booked"),
    path("desk/appointments/<int:pk>/move/", appointment.move, name="desk_move"),
    path("desk/appointments/<int:pk>/cancel/", appointment.cancel, name="desk_cancel"),
    path("desk/appointments/<int:pk>/<slug:mark>/", day.mark, name="desk_mark"),
    path("desk/tickets/", calling.give, name="desk_tickets"),
    path("desk/tickets/<int:pk>/", calling.detail, name="desk_ticket"),
    path("desk/tickets/<int:pk>/print/", calling.paper, name="desk_ticket_print"),
    path("desk/tickets/<int:pk>/call/", calling.call, name="desk_ticket_call"),
    path("desk/tickets/<int:pk>/priority/", calling.set_priority, name="desk_ticket_priority"),
    path("desk/tickets/<int:pk>/do/<slug:action>/", calling.act, name="desk_ticket_do"),
    path("desk/tickets/<int:pk>/who/<int:resident>/<slug:item>/", calling.identify, name="desk_ticket_who"),
    path("desk/tickets/<int:pk>/<slug:mark>/", day.mark_ticket, name="desk_ticket_mark"),
]
