"""What the evaluation's paper says of the panel, of answers still open, and of what to ask the bidders."""

from __future__ import annotations

from sroi import wording
from sroi.commissioning.bids.evaluation import Evaluation
from sroi.commissioning.bids.moderation import Panel
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Table

_MOST = 60


def panel_section(evaluation: Evaluation) -> Section:
    """Return what the panel gave: each score, their spread, what was agreed and why; interests declared."""
    heading = "The panel's scores"
    blocks: list[Block] = []
    if not evaluation.profile.judged:
        return Section("panel", heading, (Paragraph("Nothing in this tender is judged by people."),))
    shown = evaluation.panels[:_MOST]
    rows = tuple(
        (evaluation.title(panel.bidder), evaluation.profile.criterion(panel.criterion).title, given(evaluation, panel),
         _spread(panel), _settled(panel), "; ".join(panel.notes) or "–")
        for panel in shown
    )  # fmt: skip
    more = f", {len(shown)} of {len(evaluation.panels):,}; all are in tables/panel.csv" if len(shown) < len(evaluation.panels) else ""  # fmt: skip  # noqa: E501
    blocks.append(Table("panel", f"Individual scores, their spread, and what counts{more}",
                        ("Bidder", "Criterion", "Individual scores", "Range (sd)", "Counts", "To note"), rows,
                        (False, False, False, True, False, False), wide=True))  # fmt: skip
    note = "The range and the standard deviation (sd) are in per cent of full marks, over the evaluators who scored."
    blocks.append(Paragraph(note, "note"))
    agreed = [panel for panel in shown if panel.agreed is not None]
    if agreed:
        blocks.append(Paragraph("What the panel agreed, and why:"))
        blocks.append(Bullets(tuple(
            f"{evaluation.title(panel.bidder)}, {evaluation.profile.criterion(panel.criterion).title}: "
            f"{panel.agreed.band}. {panel.agreed.reason or 'No reason is given.'}"
            for panel in agreed if panel.agreed is not None
        )))  # fmt: skip
    blocks += _interests(evaluation)
    return Section("panel", heading, tuple(blocks))


def given(evaluation: Evaluation, panel: Panel) -> str:
    """Return the individual scores by evaluator."""
    names = {each.id: each.title for each in evaluation.bids.contents.evaluators}
    said = "; ".join(f"{names.get(score.evaluator, score.evaluator)}: {score.band}" for score, _ in panel.individual)
    return said or "none"


def _spread(panel: Panel) -> str:
    if len(panel.individual) < 2:
        return "–"
    return f"{wording.per_cent(float(panel.range))} ({wording.per_cent(panel.sd)})"


def _settled(panel: Panel) -> str:
    if panel.settled is None:
        return f"open: {panel.open}"
    share = wording.per_cent(float(panel.settled))
    if panel.agreed is not None:
        return f"{panel.agreed.band}, {share} (moderated)"
    if len({share for _, share in panel.individual}) > 1:
        return f"{share} (the mean)"
    return f"{panel.individual[0][0].band}, {share}"


def _interests(evaluation: Evaluation) -> list[Block]:
    evaluators = evaluation.bids.contents.evaluators
    if not evaluators:
        return [Paragraph("No evaluator is named, and no declaration of interests is recorded.")]
    declared = [each for each in evaluators if each.conflict]
    blocks: list[Block] = [
        Paragraph(f"{len(evaluators)} evaluator{'' if len(evaluators) == 1 else 's'} answered whether they have an "
                  f"interest; {len(declared) or 'none'} declared one.")
    ]  # fmt: skip
    said = tuple(
        f"{each.title}: {each.declared or 'it is not said which'}; {each.handled or 'nothing says how it was handled'}."
        for each in declared
    )
    if said or evaluation.conflicts:
        blocks.append(Bullets((*said, *(f"{note}." for note in evaluation.conflicts))))
    return blocks


def questions_section(evaluation: Evaluation) -> Section:
    """Return the questions on ethics and supply chains: the outcomes by bidder, the tiers, and what is still open."""
    heading = "Ethics and supply chain"
    contents, profile = evaluation.bids.contents, evaluation.profile
    if not profile.questions and not contents.chain:
        return Section("questions", heading, (Paragraph("The tender asks no questions of this kind."),))
    outcomes = {(answer.bidder, answer.question): answer.outcome for answer in contents.answers}
    blocks: list[Block] = []
    if profile.questions:
        bidders = contents.bidders[:6]
        rows = tuple(
            (f"{question.title}{' (must be passed)' if question.must_pass else ''}",
             *(outcomes.get((bidder.id, question.id), "not answered") for bidder in bidders))
            for question in profile.questions
        )  # fmt: skip
        cut = "; all are in tables/questions.csv" if len(contents.bidders) > len(bidders) else ""
        blocks.append(Table("questions", f"What the buyer made of the answers{cut}",
                            ("Question", *(bidder.title for bidder in bidders)), rows,
                            (False,) * (len(bidders) + 1)))  # fmt: skip
    if contents.chain:
        rows = tuple(
            (evaluation.title(link.bidder), str(link.tier), link.title, link.country or "not stated",
             link.work or "not stated", "–" if link.share is None else wording.per_cent(float(link.share)),
             link.outcome)
            for link in sorted(contents.chain, key=lambda link: (link.bidder, link.tier))[:_MOST]
        )  # fmt: skip
        blocks.append(Table("supply_chain", "Who stands behind each bid, tier by tier",
                            ("Bidder", "Tier", "Name", "Country", "Work", "Share of price", "Outcome"), rows,
                            (False, True, False, False, False, True, False), wide=True))  # fmt: skip
    if evaluation.questions:
        blocks.append(Paragraph("Still open, or to be asked:"))
        blocks.append(Bullets(tuple(
            f"{evaluation.title(each.bidder)}: {each.about.rstrip('?')}: {each.found}"
            f"{' (keeps an award back)' if each.blocks else ''}."
            for each in evaluation.questions[:_MOST]
        )))  # fmt: skip
    else:
        blocks.append(Paragraph("Nothing is open."))
    return Section("questions", heading, tuple(blocks))


def flags_section(evaluation: Evaluation) -> Section:
    """Return what looks unreasonable, with what to ask; nothing of it changes a score."""
    heading = "What to ask before an award"
    if not evaluation.flags:
        text = (
            "Nothing stands out against the ranges that you stated, what the contract could hold, and the other bids."
        )
        return Section("flags", heading, (Paragraph(text),))
    titles = {measure.id: measure.title for measure in evaluation.profile.measures}
    rows = tuple(
        (evaluation.title(flag.bidder) if flag.bidder else "all", titles.get(flag.measure, "–"), flag.found, flag.ask)
        for flag in evaluation.flags[:_MOST]
    )
    shown = f", {len(rows)} of {len(evaluation.flags):,}; all are in tables/flags.csv" if len(rows) < len(evaluation.flags) else ""  # fmt: skip  # noqa: E501
    table = Table("flags", f"What looks unreasonable{shown}", ("Bidder", "Measure", "What was found", "What to ask"),
                  rows, (False,) * 4)  # fmt: skip
    text = "A flag is a question to the bidder. No score was changed for it."
    return Section("flags", heading, (table, Paragraph(text, "note")))
