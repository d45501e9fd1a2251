"""Prevention: what did not happen, who pays for it and who saves, and what shows early that something goes wrong."""
