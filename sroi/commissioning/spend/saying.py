"""What a spend study says on a terminal, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.commissioning.spend.ledger import LeftOut
from sroi.commissioning.spend.messes import counted, pence_money
from sroi.commissioning.spend.multiplier import NOT_SOCIAL_VALUE, LocalMultiplier, RoundFound
from sroi.commissioning.spend.settings import Settings
from sroi.commissioning.spend.shares import CANNOT_BE_SAID, MET, Share, TargetTest
from sroi.commissioning.spend.study import Spend, SpendStudy
from sroi.errors import Problem

_MOST = 10
_MAIN = ("sme", "micro_small", "vcse", "sme_or_vcse")


def per_cent(share: float | None) -> str:
    """Return a share to one decimal, or the words for none.

    >>> print(per_cent(0.4213), per_cent(None))
    42.1 % no share
    """
    return "no share" if share is None else wording.per_cent(share, 1)


def interval_words(share: Share) -> str:
    """Return a share with its interval and what is not known, in words."""
    if share.interval is None:
        return "no share can be given: the spend is nil or less"
    low, high = share.interval
    between = f" (between {per_cent(low)} and {per_cent(high)})" if share.low != share.high else ""
    guessed = f"; of it {per_cent(share.of_total(share.guessed))} by the name only" if share.guessed else ""
    return f"{per_cent(share.share)}{between}; not known {per_cent(share.unknown_share)}{guessed}"


def target_words(test: TargetTest, currency: str) -> str:
    """Return how a target stands, in one sentence."""
    wanted = wording.per_cent(float(test.target.share), 1)
    if test.share.total <= 0:
        return f"{test.verdict}: no share can be given of spend that is nil or less (target {wanted})"
    found = f"{per_cent(test.share.share)} against {wanted}"
    if test.verdict == MET:
        return f"met: {found}, and at the lowest {per_cent((test.share.interval or (None,))[0])}"
    missing = pence_money(test.missing, currency)
    if test.verdict == CANNOT_BE_SAID:
        short = f"as it stands {missing} is missing" if test.missing else "as it stands it is reached"
        hangs = pence_money(test.unsettled, currency)
        return f"cannot be said: {found}; {short}, and it depends on {hangs} that is guessed or not known"
    return f"not met: {found}; {missing} is missing, and all that is not known would not make it up"


def left_out_words(left: LeftOut) -> str:
    """Return lines that do not count, with their reason and their sum by currency."""
    sums = ", ".join(pence_money(pennies, currency) for currency, pennies in left.sums.items() if pennies)
    return f"{counted(left.lines)}{f', {sums}' if sums else ''}: {left.words}"


def reconciliation_lines(study: SpendStudy) -> list[str]:
    """Return where every penny of the ledger went."""
    found = study.reconciliation
    money = found.currency
    lines = [f"{counted(found.lines)}, {pence_money(found.total, money)} in all"]
    lines.append(f"  {pence_money(found.direct, money)} counts as direct spend")
    if found.indirect or study.indirect is not None:
        lines.append(f"  {pence_money(found.indirect, money)} is indirect spend, shown apart")
    if found.vat:
        done = "was taken out" if found.vat > 0 else "was put in"
        lines.append(f"  {pence_money(found.vat, money)} of VAT {done}")
    if found.left_out:
        lines.append(f"  {pence_money(found.left_out_sum, money)} is left out:")
        lines += [f"    {left_out_words(each)}" for each in found.left_out]
    return lines


def study_lines(study: SpendStudy) -> list[str]:
    """Return what a study found, in short."""
    settings = study.settings
    lines = [settings.title, f"{settings.period_words}; sums {settings.basis_words}"]
    lines += [settings.note] if settings.note else []
    lines += ["", "Where every penny went", *(f"  {line}" for line in reconciliation_lines(study))]
    lines += ["", *_spend_lines(study.direct, study.currency)]
    if study.indirect is not None:
        lines += ["", *_spend_lines(study.indirect, study.currency), "  (paid by others: never added to direct spend)"]
    lines += ["", "By these definitions", *(f"  {each}" for each in definition_lines(study))]
    if study.targets:
        lines += ["", "Targets"]
        lines += [f"  {each.target.title}: {target_words(each, study.currency)}" for each in study.targets]
    if study.multiplier is not None:
        lines += ["", *multiplier_lines(study.multiplier)]
    lines += _mess_lines(study)
    return lines + _guess_lines(study.guessed, study.notes)


def main_shares(spend: Spend) -> list[Share]:
    """Return the shares that are told first: small and medium, voluntary, both, local."""
    return [each for each in spend.shares if each.name in _MAIN or each.name.startswith("local:")]


def _spend_lines(spend: Spend, currency: str) -> list[str]:
    head = f"{spend.title}: {pence_money(spend.total, currency)}, {counted(spend.suppliers, 'supplier')}"
    credit = f" (payments {pence_money(spend.payments, currency)}, credits {pence_money(spend.credits, currency)})"
    shares = [f"  {each.title}: {interval_words(each)}" for each in main_shares(spend)]
    beyond = beyond_words(spend)
    return [head + (credit if spend.credits else ""), *shares, *([f"  {beyond}"] if beyond else [])]


def beyond_words(spend: Spend) -> str:
    """Return why an end of a share lies below 0 % or above 100 %, which no reader expects; nothing if none does."""
    if all(each.total <= 0 or 0 <= each.low <= each.high <= each.total for each in main_shares(spend)):
        return ""
    return (
        "An end lies below 0 % or above 100 %, for some suppliers were credited more than they were paid: see the "
        "credits, and whether one supplier is spelt in several ways."
    )


def definition_lines(study: SpendStudy) -> list[str]:
    """Return the definition that each percentage rests on, each once."""
    shares = [each for each in study.direct.shares if each.name in ("sme", "vcse") or each.name.startswith("local:")]
    what = {"sme": "Size", "vcse": "Voluntary, community and social enterprises"}
    return [f"{what.get(each.name, each.title)}: {each.definition}" for each in shares]


def multiplier_lines(found: LocalMultiplier) -> list[str]:
    """Return what the local multiplier is, and what it is not."""
    interval = f" (between {found.low:.2f} and {found.high:.2f})" if found.low != found.high else ""
    return [f"Local multiplier LM3: {found.lm3:.2f}{interval}", f"  That is, {found.reading}.", f"  {NOT_SOCIAL_VALUE}"]


def _mess_lines(study: SpendStudy) -> list[str]:
    lines = ["", "What is messy"] if study.messes or study.unread else []
    for each in study.messes:
        lines.append(f"  {each.words(study.currency)}")
        lines += [f"    {example}" for example in each.examples[:3]]
    return lines + (["", *unread_lines(study.unread)] if study.unread else [])


def unread_lines(problems: Sequence[Problem]) -> list[str]:
    """Return the cells that could not be read, each with its place and what to do."""
    lines = [f"{counted(len(problems), 'cell')} could not be read"]
    lines += [f"  {problem}" for problem in problems[:_MOST]]
    more = len(problems) - _MOST
    return lines + ([f"  and {more:,} more: --json or --out lists them"] if more > 0 else [])


def _guess_lines(guessed: Sequence[str], notes: Sequence[str]) -> list[str]:
    lines = (
        ["", "Guessed from the headings (name columns in the settings, sheet Columns, to be sure)"] if guessed else []
    )
    return [*lines, *(f"  {each}" for each in guessed), *(f"  {each}." for each in notes)]


def only_multiplier_lines(settings: Settings, found: LocalMultiplier) -> list[str]:
    """Return the local multiplier alone, with its rounds."""
    rounds = [f"  Round {each.number}: {round_words(each, settings.currency)}" for each in found.rounds]
    return [settings.title, *([settings.note] if settings.note else []), *rounds, *multiplier_lines(found)]


def round_words(each: RoundFound, currency: str) -> str:
    """Return a round's money, its range, how much of a survey answered, and where it is from."""
    low, high = (wording.money(end, currency) for end in (each.low, each.high))
    between = f" (between {low} and {high})" if each.low != each.high else ""
    answered = f"; {per_cent(each.answered)} of the money was answered for" if each.answered is not None else ""
    return f"{wording.money(each.money, currency)}{between}{answered}{f'; {each.source}' if each.source else ''}"
