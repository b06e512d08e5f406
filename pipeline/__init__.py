"""corrigenda: from damaged text of scanned print to a critical edition that can be trusted."""

__version__ = "0.1.0"
