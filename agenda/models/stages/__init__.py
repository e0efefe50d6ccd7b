"""What a decision does at each of its stages: verbs and the questions that gates ask."""
