"""One remark for one fact: the compiler tells many of them twice, in `-json` and in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from golifelab.compile.remarks.logged import Logged
from golifelab.compile.remarks.printed import Said
from golifelab.compile.remarks.remark import Remark, Step
from golifelab.compile.remarks.words import Meaning, meaning_of_code, meaning_of_text
from golifelab.position import Position

_HEAP = "{heap}"


@dataclass(slots=True)
class _Fact:
    """A remark in the making. `lead` is the sentence that introduces the way of a value."""

    position: Position
    meaning: Meaning
    message: str
    said: list[str] = field(default_factory=list)
    lead: Meaning | None = None
    steps: tuple[Step, ...] = ()
    record: Logged | None = None

    def remark(self) -> Remark:
        told, lead, record = self.meaning, self.lead or self.meaning, self.record
        return Remark(
            self.position,
            record.end if record else self.position,
            told.kind,
            self.message,
            told.cost,
            record.related if record else (),
            told.family,
            told.outcome,
            told.subject or lead.subject,
            told.function or lead.function,
            told.budget,
            told.reason,
            told.body,
            record.steps if record and record.steps else self.steps,
            record.inlined if record else (),
            tuple(self.said),
        )


def merge(logged: Iterable[Logged], said: Iterable[Said]) -> list[Remark]:
    """The remarks of both sources, by position; the same fact once, with the richer words."""
    facts = _facts(said)
    at: dict[Position, list[_Fact]] = defaultdict(list)
    for fact in facts:
        at[fact.position].append(fact)
    for record in logged:
        told = meaning_of_code(record.code, record.message)
        here = at[record.position]
        match = next((fact for fact in here if _same(fact, told, record)), None)
        if match is not None:
            if record.message or not match.record:
                match.record = record
        elif record.code != "escape" or record.message or not here:
            fact = _Fact(record.position, told, record.message or record.code, record=record)
            facts.append(fact)
            here.append(fact)
    return _counted(fact.remark() for fact in facts)


def _facts(said: Iterable[Said]) -> list[_Fact]:
    """The facts told in sentences. How a value goes stands before what comes of it."""
    facts: list[_Fact] = []
    leads: dict[tuple[Position, str], list[_Fact]] = defaultdict(list)
    for one in said:
        told = meaning_of_text(one.text)
        if told.family == "escape" and one.text.endswith(":"):
            message = one.text.removesuffix(":")
            fact = _Fact(one.position, told, message, [one.text], told, one.steps)
            leads[one.position, _word(told.subject)].append(fact)
        elif told.family == "escape" and told.outcome != "stays":
            waiting = leads[one.position, _word(told.subject)]
            lead = next((before for before in waiting if _leads_to(before.meaning, told)), None)
            if lead is not None:
                waiting.remove(lead)
                lead.meaning, lead.message = told, one.text
                lead.said.append(one.text)
                continue
            fact = _Fact(one.position, told, one.text, [one.text])
        else:
            message = one.text.removesuffix(f" as: {told.body}") if told.body else one.text
            fact = _Fact(one.position, told, message, [one.text], steps=one.steps)
        facts.append(fact)
    return facts


def _word(subject: str) -> str:
    # What an append gives is called "append(s, x)" on its way, and "append" at the end.
    return "append" if subject.startswith("append(") else subject


def _leads_to(lead: Meaning, told: Meaning) -> bool:
    """Whether the way that `lead` introduces ends in what `told` says."""
    if lead.kind != "leak":
        return told.kind == "escape"
    if told.kind == "leakContent":
        return lead.result == _HEAP and bool(lead.derefs)
    if told.kind != "leak":
        return False
    return (lead.result, lead.derefs) == (told.result or _HEAP, told.derefs or 0)


def _same(fact: _Fact, told: Meaning, record: Logged) -> bool:
    """Whether a record of -json tells the fact too."""
    have = fact.lead or fact.meaning
    if fact.record is not None and fact.record.code not in ("escape", "escapes"):
        return False
    if told.family == "escape" and not record.message:
        return fact.meaning.kind == "escape"
    if have.kind != told.kind or (fact.record is not None and fact.record.message):
        return False
    if told.kind == "canInlineFunction":
        return have.cost == told.cost
    if told.kind == "cannotInlineFunction":
        return have.reason == told.reason
    if told.kind in ("escape", "leak"):
        wanted = (told.subject, told.result, told.derefs)
        return (have.subject, have.result, have.derefs) == wanted
    return True


def _counted(remarks: Iterable[Remark]) -> list[Remark]:
    counts: dict[Remark, int] = {}
    for remark in remarks:
        counts[remark] = counts.get(remark, 0) + 1
    return [replace(remark, times=times) for remark, times in counts.items()]
