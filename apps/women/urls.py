"""Addresses of women's services."""

from django.urls import path

from apps.women import views

app_name = "women"

urlpatterns = [
    path("", views.WomenList.as_view(), name="casefile_list"),
    path("<int:pk>/", views.CaseFileDetail.as_view(), name="casefile_detail"),
    path("<int:pk>/children/", views.ChildrenEdit.as_view(), name="casefile_edit"),
    path("<int:pk>/methods/new/", views.MethodCreate.as_view(), name="method_create"),
    path("methods/<int:pk>/end/", views.MethodEnd.as_view(), name="method_end"),
    path("methods/<int:pk>/delete/", views.MethodDelete.as_view(), name="method_delete"),
]
