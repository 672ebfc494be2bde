"""How many bytes a person downloads to get a model: the file compressed as an app store compresses an app.

Knows files; not what is in them, apart from where the rest of their weights is.
"""

import zlib
from pathlib import Path

from compression.measurement.graph.onnx_file import stored_files

# What zip, gzip and the packers of both app stores use unless told otherwise.
LEVEL = 6
CHUNK_BYTES = 2**20


def download_bytes(path: Path) -> int:
    """Bytes of an ``.onnx`` file, and of the external data it names, after deflate (RFC 1951) at level 6.

    Apps are shipped as zip archives, whose entries are compressed one by one in this way; the archive's own headers,
    some hundred bytes, are not counted. Raises ModelNotUsable when the file is no ONNX file or lacks its external data.
    """
    return sum(_deflated_bytes(file) for file in stored_files(path))


def _deflated_bytes(path: Path) -> int:
    # Negative window bits leave out the header and the checksum of the zlib format, as in a zip archive.
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            size += len(packer.compress(chunk))
    return size + len(packer.flush())
