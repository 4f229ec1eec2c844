"""Parts of a run that several machines score, and one run made of them (no torch here)."""
