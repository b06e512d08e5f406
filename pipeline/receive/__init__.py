"""How a witness comes in: its bytes, their encoding and the text, with nothing changed."""

from pipeline.receive.text import ENCODINGS, decode, receive

__all__ = ["ENCODINGS", "decode", "receive"]
