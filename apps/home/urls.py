"""Addresses of home."""

from django.urls import path

from apps.home import views

app_name = "home"

urlpatterns = [
    path("", views.WorkList.as_view(), name="worklist"),
    path("due/<slug:name>/", views.DutyList.as_view(), name="duty_list"),
    path("search/", views.Search.as_view(), name="search"),
]
