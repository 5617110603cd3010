"""What of each table goes along when somebody asks for the file of a pupil (AVG art. 15).

SOURCES is the one list. A test walks every table with a way to a pupil: one that stands neither in it nor in LEFT_OUT
fails, and so does a column that is neither given nor left out with a reason.
"""

from thuiszitters.privacy.pieces.about_presence import PRESENCE
from thuiszitters.privacy.pieces.about_work import WORK
from thuiszitters.privacy.pieces.left_out import ALWAYS_LEFT_OUT, LABELS, LEFT_OUT
from thuiszitters.privacy.pieces.source import SECTIONS, Scope, Source

SOURCES: tuple[Source, ...] = (*PRESENCE, *WORK)

__all__ = ("ALWAYS_LEFT_OUT", "LABELS", "LEFT_OUT", "SECTIONS", "SOURCES", "Scope", "Source")
