"""Where a buyer's money goes: a supplier ledger by size, kind, place and tier, with what is not known kept in sight."""
