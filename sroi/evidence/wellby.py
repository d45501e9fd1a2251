"""What one point of life satisfaction, for one person for one year, is worth: the register's WELLBY."""

from __future__ import annotations

from sroi.evidence.register import Entry, register

WELLBY_ID = "uk_wellby"
# Changes of up to about so many points may be multiplied straight: one source says so (the entry's note).
LARGEST_LINEAR_CHANGE = 0.5


def wellby_entry() -> Entry:
    """Return the shipped register's entry.

    >>> entry = wellby_entry()
    >>> entry.value, entry.number("low"), entry.number("high"), entry["currency"], entry.price_year, entry["publisher"]
    (13000.0, 10000.0, 16000.0, 'GBP', 2019, 'HM Treasury')
    """
    return register().find(WELLBY_ID)
