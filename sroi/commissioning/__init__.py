"""Social value from the buyer's side: before, during and after a procurement, joined to the same model."""
