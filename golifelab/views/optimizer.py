"""Static twins of the optimizer at work: its rewrites by rules, and what it proved."""

from __future__ import annotations

from golifelab.compile.ssa.proofs import Fact, Proof, Proofs
from golifelab.compile.ssa.rules import Rewrite, Rewrites
from golifelab.views.html import MAX_ROWS, Markup, code, details, join, table, tag

_KINDS = {
    "copies": "skips arguments that are copies",
    "phi": "a phi whose arguments are one value",
}
_MAX_PROOFS = 100
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "="}
# What a value of 64 bits can be; the pass gives smaller ones limits of their own.
_INT = -(1 << 63), (1 << 63) - 1
_UINT = 0, (1 << 64) - 1


def rewrites_html(rewrites: Rewrites) -> Markup:
    """One table a pass: what stood there, what stands there now, by which rule."""
    parts = [tag("p", _summary(rewrites))]
    room = MAX_ROWS
    for name in rewrites.passes:
        steps = rewrites.of(name)
        if not steps or not room:
            continue
        rows = [
            (str(step.position or ""), code(step.before), code(step.after), _by(step))
            for step in steps[:room]
        ]
        heads = ("position", "before", "after", "by")
        caption = f"{name}: {_count(len(steps), 'step')}"
        parts.append(table(heads, rows, caption=caption))
        room -= len(rows)
    if not room:
        parts.append(tag("p", f"The first {MAX_ROWS} steps are shown."))
    return join(parts)


def rewrites_text(rewrites: Rewrites) -> str:
    """The same for a terminal: a line a step, the rule below it where it is known."""
    lines = [_summary(rewrites)]
    for step in rewrites.steps[:MAX_ROWS]:
        place = str(step.position or "")
        lines.append(f"{step.pass_name:<18} {place:<16} {step.before}  ->  {step.after}")
        if step.rule is not None:
            lines.append(f"{'':<36}{step.rule}")
    if len(rewrites) > MAX_ROWS:
        lines.append(f"… and {len(rewrites) - MAX_ROWS:,} more")
    return "\n".join(lines)


def _summary(rewrites: Rewrites) -> str:
    by_rule = [step for step in rewrites if step.kind == "rule"]
    known = sum(step.rule is not None for step in by_rule)
    text = f"{_count(len(rewrites), 'step')} by {_count(len(rewrites.passes), 'pass', 'passes')}; "
    text += f"{len(by_rule):,} apply a rule. "
    if any(step.rules for step in by_rule):
        text += f"For {known:,} of them only one rule can have done it; the compiler says none."
    else:
        text += "The rules are not in this Go installation."
    if rewrites.incomplete:
        names = ", ".join(rewrites.incomplete)
        text += f" Not all steps of {names} are here: the compiler gave up while it printed them."
    return text


def _by(step: Rewrite) -> Markup | str:
    if step.kind != "rule":
        return _KINDS.get(step.kind, step.kind)
    if step.rule is not None:
        return code(str(step.rule))
    if not step.rules:
        return ""
    listed = [tag("div", code(str(rule))) for rule in step.rules]
    return details(f"one of {len(listed)} rules", *listed)


def proofs_html(proofs: Proofs) -> Markup:
    """The proofs, each with what was known before; the loop variables; the whole log to open."""
    parts: list[Markup] = []
    if proofs.inductions:
        rows = [(str(fact.position or ""), code(fact.text)) for fact in proofs.inductions]
        parts.append(table(("position", "loop variable"), rows))
    for proof in proofs.proofs[:_MAX_PROOFS]:
        place = f"{proof.position}: " if proof.position else ""
        parts.append(details(f"{place}{proof.text}", _reasons(proof)))
    more = len(proofs) - _MAX_PROOFS
    if more > 0:
        parts.append(tag("p", f"… and {_count(more, 'more proof')}"))
    if not proofs.proofs:
        parts.append(tag("p", "The prove pass proved nothing in this function."))
    log = [(str(fact.position or ""), code(fact.text)) for fact in proofs.facts]
    parts.append(details("the whole log of the pass", table(("position", "line"), log)))
    return join(parts)


def _reasons(proof: Proof) -> Markup:
    parts: list[Markup] = []
    if proof.contradiction is not None:
        words = "Otherwise this would have to hold, and it cannot: "
        parts.append(tag("p", words, code(fact_words(proof.contradiction))))
    if proof.known:
        rows = [(str(fact.position or ""), code(fact_words(fact))) for fact in proof.known]
        caption = "Known before about the same values; the compiler does not say which it used"
        parts.append(table(("position", "fact"), rows, caption=caption))
    else:
        parts.append(tag("p", "Its log names no fact about these values before."))
    return join(parts)


def fact_words(fact: Fact) -> str:
    """A fact in the notation of arithmetic. What is true of every number is left out."""
    if fact.relation and len(fact.about) == 2:
        sign = _SIGNS.get(fact.relation, fact.relation)
        return f"v{fact.about[0]} {sign} v{fact.about[1]}"
    if fact.signed is not None and fact.about:
        name = f"v{fact.about[0]}"
        low, high = fact.signed
        limits = [_between(name, low, high, _INT)] if fact.signed != _INT else []
        if fact.unsigned not in (None, fact.signed, _UINT):
            limits.append(f"{_between(name, *fact.unsigned, _UINT)} unsigned")
        return ", ".join(limits) or f"{name} is any number"
    return fact.text


def _between(name: str, low: int, high: int, full: tuple[int, int]) -> str:
    if low == high:
        return f"{name} = {low}"
    left = f"{low} ≤ " if low != full[0] else ""
    right = f" ≤ {high}" if high != full[1] else ""
    return left + name + right


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
