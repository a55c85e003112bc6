"""Addresses of indicators."""

from django.urls import URLPattern, URLResolver, path

from apps.indicators import views

app_name = "indicators"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.Dashboard.as_view(), name="dashboard"),
    path("rows/", views.RowList.as_view(), name="row_list"),
    path("catalogue/", views.Catalogue.as_view(), name="catalogue"),
    path("legacy/", views.LegacyList.as_view(), name="legacy_list"),
    path("legacy/new/", views.LegacyEdit.as_view(), name="legacy_create"),
    path("legacy/<int:pk>/", views.LegacyEdit.as_view(), name="legacy_edit"),
    path("legacy/<int:pk>/delete/", views.LegacyDelete.as_view(), name="legacy_delete"),
]
