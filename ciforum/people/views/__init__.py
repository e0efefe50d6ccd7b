"""Views of the ground, one file per subject."""
