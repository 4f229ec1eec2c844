"""Which weights there are, where they lie, verified and converted."""
