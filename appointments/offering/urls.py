from django.urls import path

from appointments.offering.views import adopting, editing, items, switching

urlpatterns = [
    path("manage/items/", items.items, name="manage_items"),
    path("manage/items/new/", editing.new, name="manage_new_item"),
    path("manage/items/starter/", adopting.starters, name="manage_starters"),
    path("manage/items/<str:place>/<slug:code>/", items.item, name="manage_item"),
    path("manage/items/<str:place>/<slug:code>/edit/", editing.edit, name="manage_edit_item"),
    path("manage/items/<str:place>/<slug:code>/end/", items.end, name="manage_end_item"),
    path("manage/items/<str:place>/<slug:code>/resume/", items.resume, name="manage_resume_item"),
    path("manage/items/<str:place>/<slug:code>/start/", items.start, name="manage_start_item"),
    path("manage/items/<str:place>/<slug:code>/discard/", items.discard, name="manage_discard_item"),
    path("desk/duty/items/<slug:code>/off/", switching.off, name="duty_item_off"),
    path("desk/duty/items/<slug:code>/on/", switching.on, name="duty_item_on"),
]
