from django.urls import path

from portal.dashboards.search_engines import views

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-pages.xml", views.pages, name="sitemap_pages"),
    path("sitemap-centers-<int:number>.xml", views.centers, name="sitemap_centers"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security, name="security_txt"),
]
