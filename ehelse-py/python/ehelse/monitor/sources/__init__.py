"""Files as streams of Arrow record batches in bounded memory; knows no indicator and computes no figure."""

from .opened import Opened, open_source
from .raw import BAD_CAST, reason

__all__ = ["BAD_CAST", "Opened", "open_source", "reason"]
