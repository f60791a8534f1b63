"""Names of fields that suggest personal data. A name is a candidate and no proof; a person concludes.

Source: the kinds of identifiers that Regulation (EU) 2016/679, article 4(1), and NIST SP 800-122, section 2.2, name.
"""

from __future__ import annotations

import re

_KINDS = (
    "email|e mail|phone|telephone|mobile number|fax|birth|birthday|date of birth|dob|ssn|social security|passport|national id|tax id|vat id|iban|"
    "bank account|account number|card number|credit card|pan|cvv|cvc|first name|last name|full name|given name|family name|surname|maiden name|"
    "address|street|postcode|postal code|zip|zip code|ip address|latitude|longitude|gender|religion|ethnicity|nationality|diagnosis|salary|"
    "driving licence|driver license|licence plate|license plate|fingerprint data|signature image"
)
_PERSONAL = tuple(tuple(each.split()) for each in sorted(_KINDS.split("|"), key=lambda one: (-len(one.split()), one)))
# Words beside the name that say that the value is a stand-in, or is about the data and not the data.
_BESIDE = (
    "token|tokenized|tokenised|hash|hashed|hmac|digest|masked|encrypted|redacted|anonymized|anonymised|template|verified|valid|type|kind|count|"
    "enabled|format|status|id|ids|ref|reference|required|optin|consent"
)
_STANDS_IN = frozenset(_BESIDE.split("|"))
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")


def suggests_personal_data(name: str) -> bool:
    """Whether a field's name suggests that its value is personal data, and not a token, a hash, or a fact about it."""
    words = [each.lower() for each in _HUMPS.split(name) if each]
    for kind in _PERSONAL:
        for start in range(len(words) - len(kind) + 1):
            if tuple(words[start : start + len(kind)]) == kind:
                rest = words[:start] + words[start + len(kind) :]
                return not _STANDS_IN.intersection(rest)
    return False
