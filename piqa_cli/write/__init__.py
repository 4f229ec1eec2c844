"""Ranks become Parquet and pages."""
