"""The agenda's models, one file for each cluster of nouns."""
