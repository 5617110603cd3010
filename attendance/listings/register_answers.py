"""What somebody sent for a class, held against what the records say by now: what to write, and what to ask first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from attendance.listings.last_changes import LastChange
from attendance.listings.reasons import LATE
from attendance.listings.register_page import RegisterLine
from attendance.models import Reason
from attendance.register_forms import ABSENT, MINE, PRESENT, MarkForm
from attendance.services.registers import Mark, mark_in, state_of
from thuiszitters.accounts.templatetags.dates import moment

PART = "part"


@dataclass(frozen=True)
class Row:
    """A pupil on the page. `question`: others changed the pupil who was marked here, to be answered before anything is
    saved; `told`: what else happened to this pupil since the page was opened, in words."""

    line: RegisterLine
    form: MarkForm
    question: Question | None = None
    told: str = ""


@dataclass(frozen=True)
class Question:
    """Whose mark is it to be? `state`: what the records say now; `text`: what the other did; `mine`, `theirs`: the two,
    in words; `answer`: what was answered, if it was."""

    state: str
    text: str
    mine: str
    theirs: str
    answer: str


@dataclass
class Answers:
    """What one save would do, by pupil id. `marks` and `seen` are those of take_register; `questions`: marked here and
    changed by others, with the answer to that ("": not given yet); `others`: changed by others, not marked here."""

    marks: dict[int, Mark | None] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    questions: dict[int, str] = field(default_factory=dict)
    others: set[int] = field(default_factory=set)

    @property
    def is_changed(self) -> bool:
        """Whether others changed anything."""
        return bool(self.questions or self.others)

    @property
    def must_ask(self) -> bool:
        return "" in self.questions.values()


def is_touched(form: MarkForm) -> bool:
    """Whether somebody marked this pupil otherwise than the screen did. Only for a valid form."""
    return bool(state_of(form.chosen()) != mark_in(form.cleaned_data["was"]))


def weigh(rows: Sequence[Row]) -> Answers:
    """Sort what was sent. Only valid forms."""
    found = Answers()
    for row in rows:
        pk, state, data, chosen = row.line.line.pupil.pk, row.line.state, row.form.cleaned_data, row.form.chosen()
        if not is_touched(row.form):
            if state != data["was"]:
                found.others.add(pk)
        elif state == data["was"]:
            found.marks[pk], found.seen[pk] = chosen, state
        elif state != state_of(chosen):
            found.questions[pk] = data["answer"] if data["asked"] == state else ""
            if found.questions[pk] == MINE:
                found.marks[pk], found.seen[pk] = chosen, state
    return found


def with_changes(row: Row, answers: Answers, changes: Mapping[int, LastChange], fresh: MarkForm) -> Row:
    """The row with what others did to this pupil. What was marked here stays; who was not marked is shown anew."""
    pk = row.line.line.pupil.pk
    if pk in answers.others:
        return Row(row.line, fresh, told=told_of(row, changes))
    if pk not in answers.questions:
        return row
    known = row.form.reasons
    question = Question(
        state=row.line.state,
        text=told_of(row, changes),
        mine=words(state_of(row.form.chosen()), known),
        theirs=words(row.line.state, known),
        answer=answers.questions[pk],
    )
    return replace(row, question=question)


def told_of(row: Row, changes: Mapping[int, LastChange]) -> str:
    """Who made what of what, and when."""
    known = row.form.reasons
    before, now = words(row.form.cleaned_data["was"], known), words(row.line.state, known)
    change = changes.get(row.line.line.pupil.pk)
    who = "Iemand anders" if change is None else f"{change.who[:1].upper()}{change.who[1:]}"
    at = "" if change is None else f" ({moment(change.at)})"
    return f"{who} wijzigde dit{at}: eerst {before}, nu {now}."


def words(state: str, reasons: dict[str, Reason]) -> str:
    """A state (Line.state) for who reads it: "afwezig, ziek"; "15 minuten te laat"."""
    mark = mark_in(state)
    lessons = state[: -len(mark) - 1] if mark != state else ""
    kind, _, rest = mark.partition(":")
    minutes, _, code = rest.partition(":") if kind == PART else ("", "", rest)
    reason = reasons[code].label.lower() if code in reasons else code
    if kind == PRESENT:
        text = "aanwezig"
    elif kind == ABSENT:
        text = f"afwezig, {reason}"
    elif code == LATE:
        text = f"{minutes} minuten te laat"
    else:
        text = f"{minutes} minuten afwezig, {reason}"
    if lessons:
        text += f", met {lessons} gemiste {'les' if lessons == '1' else 'lessen'}"
    return text
