"""Which spend is local, by each definition the user chose: by postcode areas, by places, or by authority."""

from __future__ import annotations

from collections.abc import Iterable

from sroi.commissioning.spend.authorities import PostcodeTable, authority_words, present_code
from sroi.commissioning.spend.details import Known
from sroi.commissioning.spend.ledger import Where
from sroi.commissioning.spend.postcodes import lies_in
from sroi.commissioning.spend.settings import BY_PLACE, BY_POSTCODE, LocalDefinition


def authority_of(where: Where, table: PostcodeTable | None) -> str:
    """Return the authority of a postcode and place: as stated, else by the user's table; "" if it is not known."""
    if where.authority:
        return where.authority
    return table.authority.get(where.postcode.text.replace(" ", ""), "") if table is not None else ""


def is_in(definition: LocalDefinition, where: Where, table: PostcodeTable | None) -> bool | None:
    """Say whether a postcode and place are local by a definition; None if they do not tell."""
    if definition.by == BY_POSTCODE:
        return any_of(lies_in(where.postcode, area) for area in definition.values)
    if definition.by == BY_PLACE:
        return where.place.casefold() in {each.casefold() for each in definition.values} if where.place else None
    own = authority_of(where, table)
    return present_code(own) in {present_code(each) for each in definition.values} if own else None


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Return whether one of several holds; None if none surely does and one may."""
    found = list(answers)
    if any(found):
        return True
    return None if None in found or not found else False


def is_local(definition: LocalDefinition, line: Where, known: Known | None, table: PostcodeTable | None) -> bool | None:
    """Say whether a line's spend is local: by the line's own postcode or place, else by the supplier's.

    A supplier with several places that do not agree is not known.
    """
    own = is_in(definition, line, table)
    if own is not None or known is None:
        return own
    answers = {is_in(definition, where, table) for where in known.wheres}
    return answers.pop() if len(answers) == 1 else None


def place_words(line: Where, known: Known | None, table: PostcodeTable | None) -> str:
    """Return the place under which a line's spend is shown: authority, else place, else postcode district."""
    stated: tuple[Where, ...] = known.wheres if known is not None and len(known.wheres) == 1 else ()
    for where in (line, *stated):
        if table is not None and (authority := authority_of(where, table)):
            return authority_words(authority)
        if where.place or where.authority:
            return where.place or where.authority
        if where.postcode.text:
            return where.postcode.outward
    return "not known"
