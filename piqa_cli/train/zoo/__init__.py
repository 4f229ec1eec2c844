"""Trains the models of the challenge: one loop, a recipe and a teaching for each model."""
