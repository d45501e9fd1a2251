"""Readiness: an organisation's self-check against the eight principles, with evidence for each level it claims."""
