"""Names that people read: no sign in them that nobody sees, and none that turns the others round.

Two names that look the same would else be two, and one could look like another.
"""

import re

UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f"
)
"""Control characters, breaks of lines, signs of no width and of direction, tags; as a part of a
class of characters. Variation selectors are none: they tell how a name's character is drawn."""
_UNSEEN = re.compile(rf"[{UNSEEN}\ud800-\udfff]")


def unseen(name: str) -> str:
    """What is wrong with a name, by its first sign that nobody sees; empty for nothing."""
    found = _UNSEEN.search(name)
    return f"holds a sign that nobody sees, U+{ord(found.group()):04X}" if found else ""
