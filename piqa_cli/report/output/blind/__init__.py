"""Blind reports: letters for names everywhere, and pages without ranks and scores."""
