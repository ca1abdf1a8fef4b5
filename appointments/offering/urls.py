from django.urls import path

from appointments.offering.views import adopting, editing, items, switching, township

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
    path("manage/offered/", township.offered, name="manage_offered"),
    path("manage/offered/<str:place>/<slug:code>/", township.offered_item, name="manage_offered_item"),
    path("manage/offered/<str:place>/<slug:code>/off/", township.off, name="manage_offered_off"),
    path("manage/offered/<str:place>/<slug:code>/on/", township.on, name="manage_offered_on"),
    path("desk/duty/items/<slug:code>/off/", switching.off, name="duty_item_off"),
    path("desk/duty/items/<slug:code>/on/", switching.on, name="duty_item_on"),
]
