"""Who hears of what, and what it gives them to do: one file for each area."""
