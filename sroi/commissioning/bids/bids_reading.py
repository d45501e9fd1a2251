"""A filled file of bids becomes nouns, held against the profile; every fault in one message, at its cell or line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from sroi.commissioning.bids.formulas import exact
from sroi.commissioning.bids.moderation import panels
from sroi.commissioning.bids.offers import (
    Answer,
    Bidder,
    Bids,
    Commitment,
    Contents,
    Evaluator,
    Link,
    MadeUpBids,
    Offer,
    Score,
    Statement,
)
from sroi.commissioning.bids.profile import Profile
from sroi.commissioning.bids.reading import fraction, text
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.form_reader import Filled, Row


def bids_of(filled: Filled, profile: Profile) -> Bids:
    """Return the real bids in a filled form; FileRefused with every fault, or if they are marked as made up."""
    opening = filled.one("opening")
    if opening["made_up"]:
        found = "these bids are marked as made up, and made-up bids are never evaluated"
        remedy = "Study them with --try; for real bids, write no."
        raise FileRefused(opening.problem("made_up", found, remedy), filled.file)
    contents = _contents(filled, profile)
    return Bids(contents, opening["bids_opened"], opening["reference"], filled.file, filled.sha256)


def made_up_bids_of(filled: Filled, profile: Profile) -> MadeUpBids:
    """Return the made-up bids in a filled form; FileRefused with every fault, or if they are not marked as made up."""
    opening = filled.one("opening")
    if not opening["made_up"]:
        found = "these bids are not marked as made up, and real bids are never studied"
        remedy = "How far a ranking would move is looked at beforehand, on made-up bids; for those, write yes."
        raise FileRefused(opening.problem("made_up", found, remedy), filled.file)
    contents = _contents(filled, profile)
    unsettled = [panel for panel in panels(profile, contents) if panel.settled is None]
    if unsettled:
        problems = [
            Problem(f"{contents.title(each.bidder)}, {profile.criterion(each.criterion).title}: {each.open}",
                    "Give a score.", "Scores")
            for each in unsettled
        ]  # fmt: skip
        raise FileRefused(problems, filled.file)
    return MadeUpBids(offers_of(profile, contents), f"made up by you, in {filled.file}")


def offers_of(profile: Profile, contents: Contents) -> tuple[Offer, ...]:
    """Return what the scoring looks at of each bid; a judged score that is not settled is left out."""
    judged: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for panel in panels(profile, contents):
        if panel.settled is not None:
            judged[panel.bidder][panel.criterion] = panel.settled
    failed = defaultdict(list)
    for answer in contents.answers:
        if answer.outcome == "fail":
            failed[answer.bidder].append(answer.question)
    return tuple(
        Offer(bidder, contents.commitments.get(bidder.id, {}), judged.get(bidder.id, {}),
              tuple(failed.get(bidder.id, ())))
        for bidder in contents.bidders
    )  # fmt: skip


def _contents(filled: Filled, profile: Profile) -> Contents:
    problems = [
        *_opening_problems(filled, profile),
        *_name_problems(filled),
        *_reference_problems(filled, profile),
        *_band_problems(filled, profile),
    ]
    problems += [problem for row in filled["commitments"] for problem in _range_problems(row)]
    if problems:
        raise FileRefused(problems, filled.file)
    commitments: dict[str, dict[str, Commitment]] = defaultdict(dict)
    for row in filled["commitments"]:
        commitments[row["bidder"]][row["measure"]] = Commitment(
            exact(row["quantity"]), fraction(row, "low"), fraction(row, "high"), text(row, "how")
        )
    return Contents(
        tuple(_bidder(row) for row in filled["bidders"]),
        dict(commitments),
        tuple(Statement(row["bidder"], row["criterion"], row["text"]) for row in filled["statements"]),
        tuple(_evaluator(row) for row in filled["evaluators"]),
        tuple(_score(row, profile, row["evaluator"]) for row in filled["scores"]),
        tuple(_score(row, profile) for row in filled["moderated"]),
        tuple(
            Answer(row["bidder"], row["question"], row["outcome"], text(row, "answer"), text(row, "evidence"))
            for row in filled["answers"]
        ),
        tuple(_link(row) for row in filled["supply_chain"]),
    )


def _bidder(row: Row) -> Bidder:
    return Bidder(row["id"], row["title"], exact(row["price"]), text(row, "size"), text(row, "kind"),
                  fraction(row, "workforce"), fraction(row, "sroi_ratio"), bool(row["sroi_follows"]))  # fmt: skip


def _evaluator(row: Row) -> Evaluator:
    return Evaluator(row["id"], row["title"], text(row, "role"), tuple(row["criteria"] or ()), bool(row["conflict"]),
                     text(row, "declared"), text(row, "handled"), tuple(row["excused"] or ()))  # fmt: skip


def _score(row: Row, profile: Profile, evaluator: str = "") -> Score:
    band = _bands_by_word(profile, row["criterion"])[_word(row["band"])]
    return Score(row["bidder"], row["criterion"], band, text(row, "reason"), evaluator)


def _link(row: Row) -> Link:
    return Link(row["bidder"], row["title"], row["tier"], text(row, "country"), text(row, "work"),
                fraction(row, "share"), text(row, "modern_slavery"), text(row, "pay"), row["outcome"],
                text(row, "evidence"))  # fmt: skip


# ---- what does not fit the profile ----


def _opening_problems(filled: Filled, profile: Profile) -> list[Problem]:
    row = filled.one("opening")
    if " ".join(row["reference"].split()) == " ".join(profile.tender.reference.split()):
        return []
    found = f"these are bids for '{row['reference']}', and the profile is that of '{profile.tender.reference}'"
    return [row.problem("reference", found, "Give the file and the profile of one tender.")]


def _name_problems(filled: Filled) -> Iterable[Problem]:
    """Yield a problem for each bid that is called as another is: in tables and letters nobody could tell them apart."""
    first: dict[str, Row] = {}
    for row in filled["bidders"]:
        name = " ".join(row["title"].split())
        other = first.setdefault(name.casefold(), row)
        if other is not row:
            found = f"'{name}' is also the name of the bid at {other.place('title')}"
            yield row.problem("title", found, "Give each a name of its own, such as the bidder's with the variant's.")


def _reference_problems(filled: Filled, profile: Profile) -> list[Problem]:
    judged = [criterion.id for criterion in profile.judged]
    known = {
        ("commitments", "measure"): ("measure", [measure.id for measure in profile.measures]),
        ("statements", "criterion"): ("criterion", [criterion.id for criterion in profile.criteria]),
        ("scores", "criterion"): ("criterion that people judge", judged),
        ("moderated", "criterion"): ("criterion that people judge", judged),
        ("answers", "question"): ("question", [question.id for question in profile.questions]),
        ("evaluators", "criteria"): ("criterion that people judge", judged),
        ("evaluators", "excused"): ("bidder", [row["id"] for row in filled["bidders"]]),
    }
    problems = []
    for (part, column), (what, names) in known.items():
        there = set(names)
        for row in filled[part]:
            words = row[column] if isinstance(row[column], tuple) else (row[column],) if row[column] else ()
            for word in words:
                if word not in there:
                    whose = "these bids have" if what == "bidder" else "the profile has"
                    found = f"{whose} no {what} '{word}'"
                    problems.append(row.problem(column, found, did_you_mean(word, names)))
    return problems


def _band_problems(filled: Filled, profile: Profile) -> Iterable[Problem]:
    judged = {criterion.id: criterion for criterion in profile.judged}
    for part in ("scores", "moderated"):
        for row in filled[part]:
            if row["criterion"] not in judged:
                continue
            if _word(row["band"]) not in _bands_by_word(profile, row["criterion"]):
                names = list(profile.bands_of(judged[row["criterion"]]))
                found = f"'{row['band']}' is no band of '{row['criterion']}'"
                yield row.problem("band", found, did_you_mean(row["band"], names))


def _bands_by_word(profile: Profile, criterion: str) -> dict[str, str]:
    return {_word(name): name for name in profile.bands_of(profile.criterion(criterion))}


def _word(band: str) -> str:
    return " ".join(band.split()).casefold()


def _range_problems(row: Row) -> Iterable[Problem]:
    low, quantity, high = row["low"], row["quantity"], row["high"]
    if low is not None and low > quantity:
        yield row.problem("low", f"at least {low:,.12g} is more than the commitment of {quantity:,.12g}",
                          "The commitment lies between its ends.")  # fmt: skip
    if high is not None and high < quantity:
        yield row.problem("high", f"at most {high:,.12g} is less than the commitment of {quantity:,.12g}",
                          "The commitment lies between its ends.")  # fmt: skip
