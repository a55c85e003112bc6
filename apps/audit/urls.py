"""Addresses of audit."""

from django.urls import path

from apps.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.EntryList.as_view(), name="entry_list"),
    path("<int:pk>/", views.EntryDetail.as_view(), name="entry_detail"),
]
