"""Addresses of accounts."""

from django.urls import path

from apps.accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.logout, name="logout"),
    path("continue/", views.KeptForm.as_view(), name="kept_form"),
    path("password/", views.PasswordChange.as_view(), name="password_change"),
    path("sessions/", views.SessionList.as_view(), name="session_list"),
    path("sessions/end/", views.SessionEnd.as_view(), name="session_end_others"),
    path("sessions/<int:pk>/end/", views.SessionEnd.as_view(), name="session_end"),
    path("users/", views.UserList.as_view(), name="user_list"),
    path("users/new/", views.UserEdit.as_view(), name="user_create"),
    path("users/<int:pk>/", views.UserDetail.as_view(), name="user_detail"),
    path("users/<int:pk>/edit/", views.UserEdit.as_view(), name="user_edit"),
    path(
        "users/<int:pk>/reset-password/",
        views.UserResetPassword.as_view(),
        name="user_reset_password",
    ),
    path("users/<int:pk>/password/", views.UserPassword.as_view(), name="user_password"),
    path("sign-ins/<int:pk>/end/", views.UserSignOut.as_view(), name="sign_in_end"),
]
