from django.urls import path

from portal.dashboards.delivery import views as delivery

urlpatterns = [
    path("desk/messages/", delivery.board, name="delivery_board"),
    path("desk/messages/<int:pk>/again/", delivery.send_again, name="delivery_again"),
    path("desk/messages/<int:pk>/call/", delivery.call, name="delivery_call"),
    path("desk/messages/<int:pk>/called/", delivery.called, name="delivery_called"),
    path("desk/messages/<int:pk>/not-reached/", delivery.not_reached, name="delivery_not_reached"),
    path("desk/messages/<int:pk>/undo/", delivery.undo, name="delivery_undo"),
]
