"""Photos become scores."""
