"""Addresses of imports."""

from django.urls import URLPattern, URLResolver, path

from apps.imports import views

app_name = "imports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.BatchList.as_view(), name="batch_list"),
    path("new/", views.BatchCreate.as_view(), name="batch_create"),
    path("template/", views.TemplateDownload.as_view(), name="template"),
    path("<int:pk>/", views.BatchDetail.as_view(), name="batch_detail"),
    path("<int:pk>/progress/", views.BatchProgress.as_view(), name="batch_progress"),
    path("<int:pk>/columns/", views.BatchColumns.as_view(), name="batch_columns"),
    path("<int:pk>/columns/forget/", views.BatchForget.as_view(), name="batch_forget_columns"),
    path("<int:pk>/errors/", views.BatchErrors.as_view(), name="batch_errors"),
    path("<int:pk>/errors/workbook/", views.ErrorWorkbook.as_view(), name="error_workbook"),
    path("<int:pk>/errors/file/", views.ErrorFile.as_view(), name="error_file"),
    path("<int:pk>/questions/", views.BatchDuplicates.as_view(), name="batch_duplicates"),
    path("<int:pk>/missing/", views.BatchMissing.as_view(), name="batch_missing"),
    path("<int:pk>/follow-up/", views.BatchFollowUp.as_view(), name="batch_follow_up"),
    path("<int:pk>/file/", views.OriginalFile.as_view(), name="original_file"),
    path("<int:pk>/touched/", views.BatchTouched.as_view(), name="batch_touched"),
    path("<int:pk>/fix/", views.BatchFix.as_view(), name="batch_fix"),
    path("<int:pk>/preview/", views.BatchPreview.as_view(), name="batch_preview"),
    path("<int:pk>/confirm/", views.BatchConfirm.as_view(), name="batch_confirm"),
    path("<int:pk>/cancel/", views.BatchCancel.as_view(), name="batch_cancel"),
    path("<int:pk>/retry/", views.BatchRetry.as_view(), name="batch_retry"),
    path("<int:pk>/undo/", views.UndoAsk.as_view(), name="undo_ask"),
    path("undo/<int:pk>/", views.UndoDetail.as_view(), name="undo_detail"),
    path("undo/<int:pk>/progress/", views.UndoProgress.as_view(), name="undo_progress"),
    path("undo/<int:pk>/confirm/", views.UndoConfirm.as_view(), name="undo_confirm"),
]
