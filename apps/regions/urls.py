"""Addresses of regions."""

from django.urls import path

from apps.regions import views

app_name = "regions"

urlpatterns = [
    path("", views.RegionList.as_view(), name="region_list"),
    path("tree/", views.Tree.as_view(), name="tree"),
    path("search/", views.Search.as_view(), name="search"),
    path("choose/", views.Choose.as_view(), name="choose"),
    path("<int:pk>/", views.RegionDetail.as_view(), name="region_detail"),
    path("<int:pk>/edit/", views.RegionEdit.as_view(), name="region_edit"),
    path("<int:pk>/new/", views.RegionCreate.as_view(), name="region_create"),
    path("<int:pk>/move/", views.RegionMove.as_view(), name="region_move"),
    path("<int:pk>/merge/", views.RegionMerge.as_view(), name="region_merge"),
]
