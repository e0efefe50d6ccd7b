"""A fictional community, loaded by living it: every row comes from a verb a person would use."""
