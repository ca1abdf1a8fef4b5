from django.urls import path

from appointments.slots import views as slots

urlpatterns = [
    path("desk/duty/items/", slots.items, name="duty_items"),
    path("desk/duty/items/<slug:code>/", slots.agents, name="duty_agents"),
]
