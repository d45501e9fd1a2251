"""How the worth of a whole is shared among those who made it together: Shapley values, exact."""

from __future__ import annotations

import math

import numpy as np

from sroi.formulas import Array


def shapley(worth: Array) -> Array:
    """Return each player's share of what all of them together change, shape (player,).

    A player's share is the mean of what it adds when it comes, over all orders in which players may come. The shares
    add up to the worth of all less that of none, players who do the same get the same, and who adds nothing gets 0.

    Parameters: `worth`, shape (2, 2, ..), one axis for each player: index 1 where the player is in, 0 where not.
    Reference: L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953), 307-317.

    >>> shapley(np.array([[0.0, 1.0], [2.0, 5.0]])).tolist()
    [3.0, 2.0]
    """
    players = worth.ndim
    shares = np.zeros(players)
    if not players:
        return shares
    # How many others are in already; each number of them is as likely as any other.
    before = np.indices((2,) * (players - 1)).sum(axis=0) if players > 1 else np.zeros((), dtype=np.intp)
    weight = np.array([1.0 / (players * math.comb(players - 1, count)) for count in range(players)])[before]
    for player in range(players):
        shares[player] = float((weight * (worth.take(1, axis=player) - worth.take(0, axis=player))).sum())
    return shares
