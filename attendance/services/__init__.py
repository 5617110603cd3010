"""Everything that changes what is known about pupils' attendance. A file per noun.

Whoever changes facts of a pupil first locks the pupil (`locks.lock_pupils`), so that changes, their evaluation and the
marks that ask for one stand in a row.
"""
