"""The consideration record of the Social Value Act 2012: what was weighed before a procurement began."""
