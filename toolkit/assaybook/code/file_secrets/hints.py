"""Which lines of a text can hold a secret at all, found by plain words: of a thousand lines a few are left for the patterns, which take a hundred times longer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

# One of these stands, in small letters, in whatever one of the formats matches; a test holds this against each of them.
_FORMAT_WORDS_SAID = """akia asia abia acca x-amz- awsaccesskeyid signature= ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- glptt- gldt- glrt- glcbt- glsoat- glsa_ glc_ xox xapp- hooks.slack webhook
    sk_live sk_test rk_live rk_test whsec_ aiza gocspx- ya29. sk- sg. key- -us npm_ pypi-age dckr_ _v1_ dapi hvs. hvb. hvr. .atlasv1. nrak- nraa- nrii- nrra- shpat_ shpca_ shppa_ shpss_
    sq0atp- sq0csp- :aa atatt3 lin_api_ ntn_ secret_ pmak- hf_ dp.pt. dp.st. dp.ct. dp.sa. sbp_ sb_secret_ age-secret-key eyj :// accountkey= sharedaccess sig= basic bearer sk0 sk1 sk2
    sk3 sk4 sk5 sk6 sk7 sk8 sk9 ska skb skc skd ske skf"""
FORMAT_WORDS = tuple(_FORMAT_WORDS_SAID.split())
# One of these stands in the line of a literal that is called like a secret, or that code uses as one.
_NAME_WORDS_SAID = "pass pwd _pw secret token key cred auth login jwt hmac fernet aes cipher dsn conn webhook curl sshpass mysql identified @tcp( @unix("
NAME_WORDS = tuple(_NAME_WORDS_SAID.split())


def lines_with(text: str, words: Iterable[str]) -> tuple[int, ...]:
    """The numbers (from 1) of the lines that hold one of these words, which are in small letters."""
    small = text.lower()
    if len(small) != len(text):  # a few letters change their length; then every line is looked at
        return tuple(range(1, text.count("\n") + 2))
    starts: list[int] = []
    found: set[int] = set()
    for word in words:
        position = small.find(word)
        while position >= 0:
            if not starts:
                starts = line_starts(text)
            line = bisect_right(starts, position)
            found.add(line)
            # The rest of the line is in already.
            position = small.find(word, starts[line]) if line < len(starts) else -1
    return tuple(sorted(found))


def line_starts(text: str) -> list[int]:
    r"""Where each line begins, lines parted by `\\n` only."""
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts
