"""Text as people type and paste it: composed, half width, without what cannot be seen. Pure."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Not NFKC, which would also change Chinese punctuation and circled numbers.
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_WIDTH |= {0x3000: 0x20, 0xFF0B: 0x2B, 0xFF0D: 0x2D, 0xFF20: 0x40, 0xFF0E: 0x2E, 0xFF3F: 0x5F}


def clean_text(value: str, *, lines: bool = False) -> str:
    """Normalised text: NFC, half-width digits and letters, one line unless `lines`, no invisible characters.

    Raises ValidationError for a lone surrogate, which cannot be encoded as UTF-8.
    """
    if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise ValidationError(_("里面有认不出的字符。请删掉最后几个字，重新输入。"), code="unreadable")
    text = unicodedata.normalize("NFC", value).translate(_FULL_WIDTH)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(character for character in text if character == "\n" or _visible(character))
    if lines:
        return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+", " ", text)).strip()
    return re.sub(r"\s+", " ", text).strip()


def _visible(character: str) -> bool:
    """Not a control, format (zero-width, bidi) or noncharacter.

    Private-use and unassigned code points are allowed: rare characters of real names use them.
    """
    number = ord(character)
    if number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF:
        return False
    return character == "\t" or unicodedata.category(character) not in ("Cc", "Cf")
