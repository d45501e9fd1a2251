"""Commissioning: social value from the buyer's side, from the policy to the yearly report of a contract."""
