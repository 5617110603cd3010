"""The rules that decide when a pupil is flagged: plain values in, crossings out.

Nothing here knows Django, a database or a clock; `as_of` is always an argument. The rules themselves are
written down in docs/regels.md.
"""
