"""Judges of the small model: people's ratings, single faults, fine detail, framing."""
