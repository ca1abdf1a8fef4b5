from django.urls import path

from appointments.waiting.views import cadre, public

urlpatterns = [
    path("centers/<str:code>/book/<slug:item>/<int:slot>/wait/", public.join, name="wait"),
    path("waiting/<slug:link>/", public.entry, name="waiting"),
    # Short and without a trailing slash, to save SMS characters.
    path("w/<str:token>", public.offer, name="answer_offer"),
    path("desk/waiting/", cadre.board, name="desk_waiting"),
    path("desk/waiting/<int:pk>/<slug:answer>/", cadre.answer, name="desk_waiting_answer"),
    path("desk/calls/<int:pk>/", cadre.confirmed, name="desk_confirmed"),
]
