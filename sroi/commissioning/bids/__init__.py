"""Bids: a buyer's profile, locked before bids open; scores, moderation and ranking; the reasons for an award."""
