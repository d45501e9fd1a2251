"""Measure frameworks as data: themes, outcomes and measures with editions, dates, licences; which model could apply."""
