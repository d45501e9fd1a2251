"""What the user decides about a ledger: its columns, the definitions of shares, targets, who counts as whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sroi.commissioning.spend.definitions import PROCUREMENT_ACT
from sroi.commissioning.spend.multiplier import Round

AS_WRITTEN, WITHOUT_VAT, WITH_VAT = "as_written", "without_vat", "with_vat"
NET, GROSS, NOT_STATED = "net", "gross", "not_stated"
KEEP, DROP_EXACT, DROP_ALL = "keep", "drop_exact", "drop_exact_and_near"
COUNT, LEAVE_OUT = "count", "leave_out"
UNKNOWN, NOT_VCSE = "unknown", "not_voluntary"
BY_POSTCODE, BY_PLACE, BY_AUTHORITY = "postcode", "place", "authority"

GROUPS = {
    "sme": "micro, small and medium suppliers",
    "micro_small": "micro and small suppliers",
    "micro": "micro suppliers",
    "small": "small suppliers",
    "medium": "medium suppliers",
    "large": "large suppliers",
    "vcse": "voluntary, community and social enterprises",
    "sme_or_vcse": "SMEs, social enterprises and voluntary organisations together",
    "local": "local suppliers",
}


@dataclass(frozen=True)
class LocalDefinition:
    """What "local" means here: postcode areas, places or authorities; there may be several, each with its own share."""

    id: str
    title: str
    by: str
    values: tuple[str, ...]

    @property
    def words(self) -> str:
        """The definition as it stands beside its percentage."""
        what = {BY_POSTCODE: "suppliers' postcodes in", BY_PLACE: "suppliers' places:",
                BY_AUTHORITY: "suppliers' postcodes within the authority"}[self.by]  # fmt: skip
        listed = ", ".join(self.values[:12]) + (", .." if len(self.values) > 12 else "")
        return f"{what} {listed}"


@dataclass(frozen=True)
class Target:
    """A share of all direct spend that is to go to a group, such as 40 % to SMEs and voluntary organisations."""

    id: str
    title: str
    group: str
    share: Fraction
    local: str = ""
    source: str = ""


@dataclass(frozen=True)
class Payee:
    """What the user says of a supplier as the ledger spells it: counts as another, is of a kind, is left out."""

    counts_as: str = ""
    kind: str = ""
    left_out: bool = False


@dataclass(frozen=True)
class Settings:
    """Everything that is decided, with what holds if nothing was said. Columns that are not named are guessed."""

    title: str = "Spend analysis"
    buyer: str = ""
    note: str = ""
    period_from: date | None = None
    period_to: date | None = None
    currency: str = "GBP"
    sheet: str = ""
    month_first: bool = False
    decimal_comma: bool = False
    amounts_are: str = NOT_STATED
    count_in: str = AS_WRITTEN
    usual_vat_rate: Decimal | None = None
    credit_notes_negative: bool = False
    duplicates: str = KEEP
    individuals: str = COUNT
    unmarked_kind: str = UNKNOWN
    size_definition: str = PROCUREMENT_ACT
    postcode_column: str = ""
    authority_column: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    supplier_columns: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    local: tuple[LocalDefinition, ...] = ()
    targets: tuple[Target, ...] = ()
    payees: Mapping[str, Payee] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    file: str = ""
    sha256: str = ""

    @property
    def period_words(self) -> str:
        """The days that count, in words."""
        if self.period_from is None or self.period_to is None:
            return "all days of the ledger"
        first, last = self.period_from, self.period_to
        return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"

    @property
    def basis_words(self) -> str:
        """How sums stand towards VAT, in words."""
        if self.count_in != AS_WRITTEN:
            return "without VAT" if self.count_in == WITHOUT_VAT else "with VAT"
        return {NET: "without VAT, as the ledger gives them", GROSS: "with VAT, as the ledger gives them"}.get(
            self.amounts_are, "as the ledger gives them (with or without VAT: not stated)"
        )
