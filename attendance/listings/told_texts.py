"""What a rehearsal found, in words: which signals come, move and go."""

from __future__ import annotations

from datetime import date

from attendance.engine.facts import Rule
from attendance.models.calendar import RULE_LABELS
from attendance.services.rehearsal import Move, Signal, ToldEffect
from thuiszitters.accounts.dutch_dates import short_date

NOTHING = "Er verandert niets aan de signalen."
ALREADY_SENT = "Wat al verstuurd is, verandert niet. Wie het verstuurde, ziet dat het niet meer klopt."


def told_sentences(effect: ToldEffect, name: str, today: date) -> list[str]:
    """A sentence for each signal of one pupil that comes, moves or goes; one that says so when there is none."""
    texts = [
        *(came(signal, name, today) for signal in effect.new),
        *(moved(move, today) for move in effect.moved),
        *(
            f"Dit trekt het signaal {label(row)} van {short_date(row.crossed_on, today)} in."
            for row in effect.withdrawn
        ),
    ]
    return texts or [NOTHING]


def label(signal: Signal) -> str:
    return f"“{RULE_LABELS[Rule(signal.rule)]}”"


def came(signal: Signal, name: str, today: date) -> str:
    day = "vandaag" if signal.crossed_on == today else f"op {short_date(signal.crossed_on, today)}"
    return f"{name} passeert hierdoor {day} {label(signal)}."


def moved(move: Move, today: date) -> str:
    """From which date to which; one that is passed on the same date begins on another."""
    was, becomes = move.was, move.becomes
    if was.crossed_on == becomes.crossed_on:
        start = short_date(becomes.start, today)
        return f"Het signaal {label(was)} van {short_date(was.crossed_on, today)} gaat over dagen vanaf {start}."
    return (
        f"Het signaal {label(was)} verschuift van {short_date(was.crossed_on, today)} "
        f"naar {short_date(becomes.crossed_on, today)}."
    )
