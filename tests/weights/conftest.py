"""The authors' two files at small size."""

from tests.models.dn_piqa.conftest import Authors, authors

__all__ = ["Authors", "authors"]
