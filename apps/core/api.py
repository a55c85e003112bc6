"""What all REST endpoints share: who may, how lists are paged, how a refusal is told.

    class BatchApi(RestrictedViewSet):
        permissions = {"list": "imports.view", "confirm": "imports.run"}   # by action
        selector = staticmethod(selectors.batches)                         # batches(user)

Signing in and the protection against forged requests are those of the pages (session and CSRF
token). A record outside the user's regions answers 404, an act that the role does not include 403,
one that the state of the record does not allow 409, wrong input 400 with the words by field.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler
from rest_framework.viewsets import GenericViewSet

from apps.core.errors import NotPermitted, OutOfScope, Refusal

WITHOUT_FIELD = "non_field_errors"


class RolePermission(BasePermission):
    """Allow an action to the roles that include its permission; one without a permission to nobody.

    Whether the record is within the user's regions is the selector's matter.
    """

    message = NotPermitted.message

    def has_permission(self, request: Request, view: Any) -> bool:
        permission = view.permissions.get(view.action, "")
        return bool(permission) and bool(request.user.may(permission))  # type: ignore[union-attr]


class Pages(PageNumberPagination):
    """Pages of 50 rows, or of as many as `page_size` says, at most 500."""

    page_size_query_param = "page_size"
    max_page_size = 500


class RestrictedViewSet(GenericViewSet[Any]):
    """Endpoints about records that a user may see: a selector in, a service out."""

    permission_classes = [IsAuthenticated, RolePermission]
    pagination_class = Pages
    permissions: ClassVar[Mapping[str, str]] = {}
    selector: ClassVar[Callable[..., QuerySet[Any]]]

    def get_queryset(self) -> QuerySet[Any]:
        return type(self).selector(self.request.user)

    def answer_page(self, rows: QuerySet[Any], told: Callable[[Any], Any]) -> Response:
        """Answer with one page of rows, each as `told` says it."""
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([told(row) for row in page])


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal of a service with its words and the fitting status."""
    if isinstance(error, OutOfScope):
        return exception_handler(exceptions.NotFound(), context)
    if isinstance(error, NotPermitted):
        return exception_handler(exceptions.PermissionDenied(str(error)), context)
    if isinstance(error, Refusal):
        return Response({"detail": str(error)}, status=status.HTTP_409_CONFLICT)
    if isinstance(error, ValidationError):
        return exception_handler(exceptions.ValidationError(_by_field(error)), context)
    return exception_handler(error, context)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {WITHOUT_FIELD: list(error.messages)}
