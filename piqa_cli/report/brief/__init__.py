"""The brief: one A4 page for those who open no folders."""
