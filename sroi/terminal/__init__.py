"""What the commands say on a terminal, as lines. Nothing is printed here."""
