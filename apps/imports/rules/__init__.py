"""From sheets of cells to checked rows: pure functions, no database, no clock.

places: which village a text names · headers: which field a column feeds · converters: one cell to
one value · drafts: a row while it is checked · identity: what ID number, sex and birth date say
together · repeats: the same person twice in a file ·
sheets: tables, columns and village of a sheet · lines: the walk over all lines.
"""
