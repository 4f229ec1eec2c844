"""The run folder on disk: tables, run.json, pictures, lock and log, written and read back."""
