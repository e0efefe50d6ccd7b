"""Data walks: what stands at a station, who hears of it, and what was said there."""
