"""Files as streams of Arrow record batches in bounded memory; knows no indicator and computes no figure."""

from .opened import Opened, open_source
from .raw import BAD_CAST, misfit

__all__ = ["BAD_CAST", "Opened", "misfit", "open_source"]
