"""Files as streams of Arrow record batches in bounded memory; knows no indicator and computes no figure."""

from .opened import Opened, Tally, open_source

__all__ = ["Opened", "Tally", "open_source"]
