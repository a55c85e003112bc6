"""Reading spreadsheets that come from outside: gate, child process, grids, tables in sheets.

Nothing here says what a column means; that is the sheet declarations' work. `child`, `gate`,
`biff`, `delimited` and `hypertext` run in a separate process and import nothing of Django.
"""
