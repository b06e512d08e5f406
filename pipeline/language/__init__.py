"""What is known of a language: its words, how often they stand, and which stand beside which."""

from pipeline.language.asked import Language
from pipeline.language.evidence import language
from pipeline.language.neighbours import Neighbours
from pipeline.language.tokens import EDGE, NUMBER, folded

__all__ = ["EDGE", "NUMBER", "Language", "Neighbours", "folded", "language"]
