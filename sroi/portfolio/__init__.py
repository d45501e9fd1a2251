"""Many projects at once, as columns: their totals in one pass of NumPy, and what a portfolio of them comes to."""
