"""The lexicon's workings: the count of stances, the marks in texts, the starter terms."""
