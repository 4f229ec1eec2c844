"""Other outputs: blind, single file, figures."""
