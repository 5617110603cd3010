"""Files from a school's administration: read, checked row by row, written in short transactions, evaluated.

`run.run_import` is the way in, for the command and for an upload alike. A file per kind; docs/bestanden.md has the
formats.
"""
