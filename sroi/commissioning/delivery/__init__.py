"""A register of commitments and deliveries: due, late, missing, by whom and where."""
