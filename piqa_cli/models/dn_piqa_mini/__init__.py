"""The small dual-branch model that ships: network, views, faults."""
