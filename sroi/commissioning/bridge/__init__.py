"""The bridge from a register to an impact map: both totals, and why they differ."""
