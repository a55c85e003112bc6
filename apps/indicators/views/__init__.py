"""Pages: dashboard, the rows behind a number, definitions, legacy totals."""

from apps.indicators.views.catalogue import Catalogue
from apps.indicators.views.dashboard import Dashboard
from apps.indicators.views.legacy import LegacyDelete, LegacyEdit, LegacyList
from apps.indicators.views.rows import RowList

__all__ = ["Catalogue", "Dashboard", "LegacyDelete", "LegacyEdit", "LegacyList", "RowList"]
