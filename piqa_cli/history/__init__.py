"""One device's overall score across runs: which runs, what changed between them, the trend."""
