"""Pages of households, persons and life events."""
