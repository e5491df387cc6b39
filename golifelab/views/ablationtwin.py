"""Static twins of passes switched off and on: what changes, who saves what, how long it takes."""

from __future__ import annotations

from fractions import Fraction

from golifelab.compile.ssa.ablation import MEASURES, Ablated, Ablation, Attribution, RunTimes
from golifelab.views.html import Markup, code, details, join, table, tag

_HEADS = {
    "bytes": "code, bytes",
    "instructions": "instructions",
    "frame": "frame, bytes",
    "values": "values",
    "checks": "bounds checks",
}


def ablation_html(ablation: Ablation) -> Markup:
    """The passes that matter to the function; those that do not, and the required, to open."""
    by_default = [getattr(ablation.baseline, name) for name in MEASURES]
    rows: list[tuple[object, ...]] = [("(by default)", "", *(f"{n:,}" for n in by_default))]
    idle: list[str] = []
    failed: list[tuple[str, str, Markup]] = []
    for cell in ablation:
        if cell.measure is None:
            if not cell.required:
                failed.append((cell.name, cell.switched, code(cell.error)))
        elif cell.measure == ablation.baseline:
            idle.append(cell.name)
        else:
            rows.append((cell.name, cell.switched, *_changes(ablation, cell)))
    heads = ("pass", "switched", *(_HEADS[name] for name in MEASURES))
    caption = "What changes with one pass switched; only the program's own code is compiled anew"
    parts = [table(heads, rows, caption=caption, numeric=range(2, len(heads)))]
    if failed:
        caption = "The compiler fails"
        parts.append(table(("pass", "switched", "what it says"), failed, caption=caption))
    required = [cell.name for cell in ablation if cell.required]
    parts.append(_listed("Without difference here", idle))
    parts.append(_listed("Required: the compiler can't switch them off", required))
    return join(parts)


def _changes(ablation: Ablation, cell: Ablated) -> list[str]:
    return [_signed(ablation.change(cell.name, name) or 0) for name in MEASURES]


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", "\N{MINUS SIGN}") if number else ""


def _listed(words: str, names: list[str]) -> Markup:
    return details(f"{words} ({len(names)})", tag("p", ", ".join(names))) if names else Markup("")


def board_html(
    ablation: Ablation,
    chosen: Ablated | None,
    shares: Attribution | None,
    times: RunTimes | None,
) -> Markup:
    """All that the ablation board has found out: each pass alone, those chosen, shares, times."""
    parts = [ablation_html(ablation)]
    if chosen is not None:
        before, after = ablation.baseline, chosen.measure
        if after is None:
            parts.append(tag("p", f"With {chosen.name} switched: ", code(chosen.error)))
        else:
            made = [getattr(after, name) for name in MEASURES]
            change = [_signed(getattr(after, name) - getattr(before, name)) for name in MEASURES]
            rows = [(chosen.name, *(f"{n:,}" for n in made)), ("more than by default", *change)]
            heads = ("switched", *(_HEADS[name] for name in MEASURES))
            parts.append(table(heads, rows, caption="Together", numeric=range(1, len(heads))))
    if shares is not None:
        parts.append(attribution_html(shares))
    if times is not None:
        parts.append(times_html(times))
    return join(parts)


def attribution_html(attribution: Attribution) -> Markup:
    """Each pass with its share, the largest first, and the sum."""
    saved = attribution.without - attribution.with_all
    unit = _HEADS.get(attribution.what, attribution.what)
    rows = [(name, _number(share)) for name, share in attribution.ranked()]
    rows.append(("together", _number(Fraction(saved))))
    caption = (
        f"{attribution.without:,} without these passes, {attribution.with_all:,} with them "
        f"({unit}); {attribution.compilations:,} compilations"
    )
    made = table(("pass", f"its share: {unit} saved"), rows, caption=caption, numeric=(1,))
    words = (
        "A share is what the pass saves, on average over every order in which these passes could "
        "be switched on (its Shapley value)."
    )
    return join([made, tag("p", words)])


def times_html(times: RunTimes) -> Markup:
    """Each variant with its times, and against the default."""
    default = times[""].best
    rows = [
        (
            f"without {time.name}" if time.name else "(by default)",
            f"{time.best:,.2f}",
            f"{time.median:,.2f}",
            f"{max(time.nanoseconds):,.2f}",
            f"{time.best / default:.2f} ×" if default else "",
        )
        for time in times
    ]
    heads = ("variant", "best, ns", "median, ns", "slowest, ns", "best against default")
    made = table(heads, rows, numeric=range(1, 5))
    words = (
        "The best batch is the one least disturbed by what else the machine did. Where a code "
        "lies in memory changes its speed too, so a pass may seem to cost or save what it does not."
    )
    return join([tag("p", code(times.expression)), made, tag("p", words)])


def _number(share: Fraction) -> str:
    """A fraction with at most two decimals; the exact one is in the data."""
    text = f"{share.numerator:,}" if share.denominator == 1 else f"{float(share):,.2f}"
    return text.replace("-", "\N{MINUS SIGN}")
