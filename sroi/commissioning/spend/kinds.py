"""What kind of body a supplier is: as declared, by a registered number, or by its name, which is a guess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

CHARITY, CIC, SOCIAL, SOCIETY, VOLUNTARY = "charity", "cic", "social_enterprise", "community_society", "voluntary"
PRIVATE, PUBLIC, INDIVIDUAL, INTERNAL = "private", "public", "individual", "internal"
VCSE = (CHARITY, CIC, SOCIAL, SOCIETY, VOLUNTARY)
KINDS = (*VCSE, PRIVATE, PUBLIC, INDIVIDUAL, INTERNAL)

KIND_WORDS = {
    CHARITY: "charity", CIC: "community interest company", SOCIAL: "social enterprise",
    SOCIETY: "co-operative or community benefit society", VOLUNTARY: "voluntary or community organisation",
    PRIVATE: "private business", PUBLIC: "public body", INDIVIDUAL: "individual", INTERNAL: "internal transfer",
}  # fmt: skip

VCSE_WORDS = (
    "a voluntary, community or social enterprise: a non-governmental organisation which is value-driven and "
    "principally reinvests its surpluses to further social, environmental or cultural objectives"
)

# How ledgers write the kinds. Other words are told by the settings' sheet of kinds.
_DECLARED = {
    "charity": CHARITY, "registered charity": CHARITY, "charitable organisation": CHARITY, "charitable trust": CHARITY,
    "charitable incorporated organisation": CHARITY, "cio": CHARITY, "cic": CIC, "community interest company": CIC,
    "social enterprise": SOCIAL, "se": SOCIAL, "co operative": SOCIETY, "cooperative": SOCIETY,
    "community benefit society": SOCIETY, "bencom": SOCIETY, "mutual": SOCIETY, "voluntary": VOLUNTARY,
    "voluntary organisation": VOLUNTARY, "voluntary sector": VOLUNTARY, "vcs": VOLUNTARY, "vcse": VOLUNTARY,
    "vcfse": VOLUNTARY, "community group": VOLUNTARY, "third sector": VOLUNTARY, "not for profit": VOLUNTARY,
    "voluntary or community organisation": VOLUNTARY, "private": PRIVATE, "private company": PRIVATE,
    "private sector": PRIVATE, "limited company": PRIVATE, "ltd": PRIVATE, "plc": PRIVATE, "llp": PRIVATE,
    "partnership": PRIVATE, "sole trader": PRIVATE, "commercial": PRIVATE, "business": PRIVATE, "public": PUBLIC,
    "public sector": PUBLIC, "public body": PUBLIC, "local authority": PUBLIC, "council": PUBLIC, "nhs": PUBLIC,
    "government": PUBLIC, "school": PUBLIC, "individual": INDIVIDUAL, "person": INDIVIDUAL,
    "private individual": INDIVIDUAL, "foster carer": INDIVIDUAL, "employee": INDIVIDUAL, "staff": INDIVIDUAL,
    "internal": INTERNAL, "internal transfer": INTERNAL, "recharge": INTERNAL, "internal recharge": INTERNAL,
}  # fmt: skip

# The proxy that analysts of spend use: what the name itself says. A guess: "Charity Cards Ltd" is none.
_NAMED = (
    (CIC, re.compile(r"\bc\.?i\.?c\b\.?|\bcommunity interest compan(y|ies)\b")),
    (CHARITY, re.compile(r"\bcharit(y|ies|able)\b|\bcio\b")),
    (SOCIETY, re.compile(r"\bcommunity benefit society\b|\bco-?operative society\b")),
    (VOLUNTARY, re.compile(r"\bvoluntary (action|service|organisation|sector)|\bcommunity association\b")),
)
_REDACTED = re.compile(r"\bredacted\b|\bname withheld\b|\bwithheld\b|\bpersonal data\b|^individual( payee)?s?$")
_TITLE = r"(mr|mrs|ms|miss|mx|dr|prof|rev|cllr)\b\.?"
_TITLED = re.compile(
    rf"{_TITLE} [\w'.-]+( [\w'.-]+){{0,3}}|[\w'-]+,? {_TITLE}( [\w'.-]+){{0,3}}|[\w'-]+,? [\w'. -]+ {_TITLE}"
)
_TRADING = re.compile(r"\b(ltd|limited|plc|llp|t/a|trading|services|cic|company|co|&|and)\b|&")
_CHARITY_NUMBER = re.compile(r"(SC0?\d{5}|NIC?\d{6}|\d{6,7}(-\d{1,2})?)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Kind:
    """A supplier's kind, and what it rests on: declared, registered (a charity's number), name (a guess)."""

    kind: str = ""
    basis: str = ""

    @property
    def vcse(self) -> bool | None:
        """Whether it is a voluntary, community or social enterprise; None if its kind is not known."""
        return self.kind in VCSE if self.kind else None


def declared_kind(word: str) -> str:
    """Return the kind that a ledger's word stands for, "" for a word that is not known.

    >>> declared_kind("Registered Charity"), declared_kind("C.I.C."), declared_kind("Tier A")
    ('charity', 'cic', '')
    """
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", word.lower().replace(".", "")).split())
    return _DECLARED.get(plain, plain.replace(" ", "_") if plain.replace(" ", "_") in KINDS else "")


def is_charity_number(written: str) -> bool:
    """Say whether this has the form of a charity's registered number in England and Wales, Scotland or N. Ireland.

    >>> [is_charity_number(each) for each in ("1234567", "SC012345", "NIC101234", "n/a", "0")]
    [True, True, True, False, False]
    """
    return bool(_CHARITY_NUMBER.fullmatch(written.strip().replace(" ", "")))


def kind_by_name(name: str) -> str:
    """Return the kind that a name itself says, "" if it says none.

    >>> kind_by_name("Quill, Dr A"), kind_by_name("Dr Quill & Partners"), kind_by_name("Ms Marvel Ltd")
    ('individual', '', '')
    >>> kind_by_name("Brookside Green CIC"), kind_by_name("Alder Grounds Ltd"), kind_by_name("REDACTED PERSONAL DATA")
    ('cic', '', 'individual')
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).lower().split())
    if _REDACTED.search(plain) or (_TITLED.fullmatch(plain) and not _TRADING.search(plain)):
        return INDIVIDUAL
    return next((kind for kind, pattern in _NAMED if pattern.search(plain)), "")


# ---- one name spelt in several ways ----

_LEGAL = re.compile(
    r"\b(limited|ltd|plc|llp|lp|inc|cic|community interest company|company|co|uk|the|and|group|holdings?)\b"
)


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Return a name without case, marks, legal form and spaces: the same for the ways in which people spell it.

    >>> name_key("The Alder Grounds Ltd."), name_key("ALDER GROUNDS LIMITED"), name_key("Ltd")
    ('aldergrounds', 'aldergrounds', 'ltd')
    """
    plain = unicodedata.normalize("NFKD", name).lower().replace("&", " and ").replace("'", "").replace("’", "")
    words = re.sub(r"[^a-z0-9]+", " ", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    bare = "".join(_LEGAL.sub(" ", re.sub(r"\b([a-z]) (?=[a-z]\b)", r"\1", words)).split())
    return bare or "".join(words.split()) or plain.strip()
