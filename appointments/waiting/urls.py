from django.urls import path

from appointments.booking import answering
from appointments.waiting.views import cadre as desk
from appointments.waiting.views import public as waiting

urlpatterns = [
    path("centers/<str:code>/book/<slug:item>/<int:slot>/wait/", waiting.join, name="wait"),
    path("waiting/<slug:link>/", waiting.entry, name="waiting"),
    # As short as can be, and without a slash at the end: they stand in an SMS.
    path("c/<str:token>", answering.booking, name="answer"),
    path("w/<str:token>", answering.offer, name="answer_offer"),
    path("desk/waiting/", desk.board, name="desk_waiting"),
    path("desk/waiting/<int:pk>/<slug:answer>/", desk.answer, name="desk_waiting_answer"),
    path("desk/calls/<int:pk>/", desk.confirmed, name="desk_confirmed"),
]
