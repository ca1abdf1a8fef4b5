from django.urls import path

from centers.places.views import center, listing, markets, rooms

urlpatterns = [
    path("manage/center/", center.details, name="manage_center"),
    path("manage/center/undo/", center.undo, name="manage_center_undo"),
    path("manage/rooms/", rooms.change, name="manage_new_room"),
    path("manage/rooms/<int:pk>/", rooms.change, name="manage_room"),
    path("manage/rooms/<int:pk>/remove/", rooms.remove, name="manage_remove_room"),
    path("manage/markets/", markets.rules, name="manage_markets"),
    path("manage/markets/<int:pk>/remove/", markets.remove, name="manage_remove_market"),
    path("manage/centers/", listing.centers, name="manage_centers"),
]
