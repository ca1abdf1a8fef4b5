"""How alike what somebody says is to each item: shared characters, pairs of characters and sounds. Pure.

TF-IDF over the items of one catalog: a gram (one character, or two in a row) weighs the more the fewer items have it.
What is shared by its sound alone counts less, so that 高令 finds 高龄 and 低宝 finds 低保, and less by a sound that is
only taken for the other (zh and z, n and l, ang and an).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# What a shared gram counts: as it is written, as it sounds, as it may be heard.
SHARES = (1.0, 0.7, 0.5)
# What a single character counts beside a pair, the text about an item beside its names, an unknown pair beside one that
# a single item has.
ONE_CHARACTER, ABOUT, UNKNOWN = 0.5, 0.35, 0.3
# What a pair counts that has up to so many characters between.
APART, BETWEEN = 0.6, 3
Sound = Callable[[str], str]


class Document(NamedTuple):
    """What an item is called, and what is said about it."""

    names: tuple[str, ...]
    about: tuple[str, ...] = ()


class Likeness:
    """Of the documents; `sound` gives the toneless pinyin of a character."""

    def __init__(self, documents: Iterable[Document], sound: Sound) -> None:
        documents = list(documents)
        self.sound = sound
        self.found: dict[str, dict[int, float]] = defaultdict(dict)
        for number, document in enumerate(documents):
            for texts, share in ((document.about, ABOUT), (document.names, 1.0)):
                for key in {key for text in texts for gram in self._grams(text) for key in gram}:
                    self.found[key][number] = share
        self.weights = {key: math.log((len(documents) + 1) / len(found)) for key, found in self.found.items()}
        self.most = math.log(len(documents) + 1)

    def scores(self, words: Sequence[str]) -> dict[int, float]:
        """By the index of a document how much of the words is found in it, 0 to 1. Only where a pair is."""
        shared: Counter = Counter()
        paired: set[int] = set()
        whole = 0.0
        for gram in (gram for word in words for gram in self._grams(word)):
            is_pair = len(gram[0]) == 2
            known = [
                (self.weights[key] * share, key) for key, share in zip(gram, SHARES, strict=True) if key in self.weights
            ]
            size = 1.0 if is_pair else ONE_CHARACTER
            whole += size * max([weight for weight, _key in known] or [self.most * UNKNOWN])
            best: dict[int, float] = {}
            for weight, key in known:
                for number, share in self.found[key].items():
                    best[number] = max(best.get(number, 0.0), weight * share)
            for number, score in best.items():
                shared[number] += size * score
            paired |= best.keys() if is_pair else set()
        for pair in self._apart("".join(words)):
            weight = self.weights[pair] * APART
            whole += weight
            named = [number for number, share in self.found[pair].items() if share == 1.0]
            shared.update(dict.fromkeys(named, weight))
            paired.update(named)
        return {number: shared[number] / whole for number in paired}

    def _apart(self, text: str) -> set[str]:
        """Known pairs with something between, such as 砍树 in 砍几棵树: verb and object in Chinese."""
        between = range(2, 2 + BETWEEN)
        pairs = {text[at] + text[at + gap] for gap in between for at in range(len(text) - gap)}
        return {pair for pair in pairs if pair in self.weights}

    def _grams(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Each character and pair: as it is written, as it sounds, as it may be heard. The last two are marked."""
        sounds = [self.sound(character) for character in text]
        heard = [may_be_heard(sound) for sound in sounds]
        for character, sound, like in zip(text, sounds, heard, strict=True):
            yield character, f"~{sound}", f"={like}"
        for written, spoken, like in zip(pairwise(text), pairwise(sounds), pairwise(heard), strict=True):
            yield "".join(written), f"~{'-'.join(spoken)}", f"={'-'.join(like)}"


@lru_cache(2048)
def may_be_heard(sound: str) -> str:
    """Pinyin without the differences that many dialects do not make: zhang and zan are one."""
    said = re.sub(r"^([zcs])h", r"\1", sound)
    said = re.sub(r"^n(?=[aeiouv])", "l", said)
    return re.sub(r"(?<=[aei])ng$", "n", said)
