"""Decisions as pages show them: plain words, where one stands, results, and what changed."""
