"""Detecting the encoding of text files, and cleaning cells."""

import codecs
import unicodedata
from typing import BinaryIO

from django.utils.translation import gettext as _

from portal.ui.errors import RuleBroken

CHUNK = 1 << 20
# Invisible characters, which come along when copying from web pages or chats.
INVISIBLE: dict[int, None] = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0x00AD]
)
_BLANKS = {ord(blank): " " for blank in "\u00a0\u3000\u2002\u2003\u2009\t\r\n\v\f"}
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)])
_UNWANTED = {**_CONTROLS, **INVISIBLE, **_BLANKS}


def encoding_of(file: BinaryIO) -> str:
    """`utf-8-sig`, `utf-16` or `gb18030`, by decoding the whole file in chunks; rewinds the file.

    Raises RuleBroken `encoding` when none fits.
    """
    file.seek(0)
    head = file.read(4)
    candidates = ["utf-16"] if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ["utf-8-sig", "gb18030"]
    try:
        for name in candidates:
            if _reads_as(file, name):
                return name
    finally:
        file.seek(0)
    raise RuleBroken(_("看不懂这个文件的文字编码。请用 Excel 或 WPS 另存为“CSV UTF-8”再试。"), code="encoding")


def _reads_as(file: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def tidy(text: str) -> str:
    """A cell without invisible characters and surrounding whitespace."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_UNWANTED).strip()


def plain_digits(text: str) -> str:
    """Full-width `３７１４` and Excel's `371400000000.0` as ASCII digits; other text tidied only."""
    text = unicodedata.normalize("NFKC", tidy(text))
    head, _dot, tail = text.partition(".")
    return head if head.isdecimal() and tail and not tail.strip("0") else text
