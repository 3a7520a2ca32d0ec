"""Signs that only look like those of a query, as word processors and keyboards of other languages write them."""

from __future__ import annotations

import unicodedata

from generator.query.problem import shown

_MEANT = {
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u2212\u2013\u2014", "-"),
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2265": ">=",
    "\u2264": "<=",
    "\u2260": "!=",
    "\u3001": ",",
}
_BLANKS = frozenset({"Zs", "Zl", "Zp"})
_UNSEEN = frozenset({"Cc", "Cf"})


def named_sign(sign: str) -> str:
    """Show a sign; name it where nobody can see it."""
    if sign.isascii() or unicodedata.category(sign) not in _BLANKS | _UNSEEN:
        return shown(sign)
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control character').lower()})"


def sign_hint(sign: str) -> str:
    """Say what is probably meant by a sign that no query is made of; empty where nothing is plain."""
    if len(sign) != 1 or (sign.isascii() and sign.isprintable()):
        return ""
    category = unicodedata.category(sign)
    if category in _BLANKS or sign in "\f\v":
        return "write a plain blank for it"
    if category in _UNSEEN:
        return "remove it"
    meant = _MEANT.get(sign) or unicodedata.normalize("NFKC", sign)
    return f"write `{meant}`" if meant.isascii() and meant.isprintable() else ""
