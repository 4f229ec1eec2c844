"""Parts of models: view makers, backbones, attention, heads, and the reading of authors' files."""
