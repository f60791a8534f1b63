"""The names of cryptography: calls of weak algorithms, and where calls take keys, initial values, salts and rounds.

Sources: NIST SP 800-131A rev. 2 (algorithms and key lengths); NIST SP 800-132 and OWASP Password Storage Cheat Sheet (rounds); the documentation of the libraries that are named.
"""

from __future__ import annotations

from .lists import set_of

WEAK_HASHES = {
    "hashlib.md5": "MD5",
    "hashlib.sha1": "SHA-1",
    "Crypto.Hash.MD5.new": "MD5",
    "Crypto.Hash.SHA1.new": "SHA-1",
    "Crypto.Hash.SHA.new": "SHA-1",
    "Cryptodome.Hash.MD5.new": "MD5",
    "Cryptodome.Hash.SHA1.new": "SHA-1",
    "md5": "MD5",
    "sha1": "SHA-1",
    "blueimp-md5": "MD5",
    "js-md5": "MD5",
    "js-sha1": "SHA-1",
    "crypto-js.MD5": "MD5",
    "crypto-js.SHA1": "SHA-1",
    "crypto-js/md5": "MD5",
    "crypto-js/sha1": "SHA-1",
    "cryptography.hazmat.primitives.hashes.MD5": "MD5",
    "cryptography.hazmat.primitives.hashes.SHA1": "SHA-1",
}
WEAK_CIPHERS = {
    **{f"{lib}.Cipher.{one}.new": said for lib in ("Crypto", "Cryptodome") for one, said in (
        ("DES", "DES"), ("DES3", "triple DES"), ("ARC4", "RC4"), ("ARC2", "RC2"), ("Blowfish", "Blowfish"), ("CAST", "CAST-128"), ("XOR", "XOR"))},
    **{f"cryptography.hazmat.{where}.algorithms.{one}": said for where in ("primitives.ciphers", "decrepit.ciphers") for one, said in (
        ("TripleDES", "triple DES"), ("ARC4", "RC4"), ("Blowfish", "Blowfish"), ("IDEA", "IDEA"), ("CAST5", "CAST-128"), ("SEED", "SEED"))},
    "pyDes.des": "DES",
    "pyDes.triple_des": "triple DES",
    "crypto-js.DES.encrypt": "DES",
    "crypto-js.TripleDES.encrypt": "triple DES",
    "crypto-js.RC4.encrypt": "RC4",
    "crypto-js.Rabbit.encrypt": "Rabbit",
    "crypto.createCipher": "a cipher whose key and initial value come from the password alone",
    "crypto.createDecipher": "a cipher whose key and initial value come from the password alone",
}  # fmt: skip
ECB = frozenset({"crypto-js.mode.ECB", "cryptography.hazmat.primitives.ciphers.modes.ECB"})
# The call, where its key is, how the argument is called. Sources: the documentation of PyCryptodome, cryptography, PyJWT, python-jose, Node.js crypto, jsonwebtoken, jose and CryptoJS.
KEYED: dict[str, tuple[int, str]] = {
    "cryptography.fernet.Fernet": (0, "key"),
    "hmac.new": (0, "key"),
    "hmac.digest": (0, "key"),
    "jwt.encode": (1, "key"),
    "jwt.decode": (1, "key"),
    "jose.jwt.encode": (1, "key"),
    "jose.jwt.decode": (1, "key"),
    "jsonwebtoken.sign": (1, ""),
    "jsonwebtoken.verify": (1, ""),
    "jwt-simple.encode": (1, ""),
    "jwt-simple.decode": (1, ""),
    "crypto.createHmac": (1, ""),
    "crypto.createCipheriv": (1, ""),
    "crypto.createDecipheriv": (1, ""),
    "crypto.createCipher": (1, ""),
    "crypto.createDecipher": (1, ""),
    "crypto-js.AES.encrypt": (1, ""),
    "crypto-js.AES.decrypt": (1, ""),
    "crypto-js.HmacSHA256": (1, ""),
    "crypto-js.HmacSHA512": (1, ""),
    "crypto-js.HmacSHA1": (1, ""),
    "itsdangerous.URLSafeTimedSerializer": (0, "secret_key"),
    "itsdangerous.URLSafeSerializer": (0, "secret_key"),
    "itsdangerous.Signer": (0, "secret_key"),
    "express-session": (-1, "secret"),
    "cookie-session": (-1, "secret"),
    **{
        f"{lib}.Cipher.{one}.new": (0, "key")
        for lib in ("Crypto", "Cryptodome")
        for one in ("AES", "DES", "DES3", "ARC4", "Blowfish", "ChaCha20")
    },
    "cryptography.hazmat.primitives.ciphers.algorithms.AES": (0, "key"),
    "cryptography.hazmat.primitives.ciphers.algorithms.ChaCha20": (0, "key"),
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM": (0, "key"),
    "cryptography.hazmat.primitives.hmac.HMAC": (0, "key"),
}
IVS: dict[str, tuple[int, tuple[str, ...]]] = {
    "crypto.createCipheriv": (2, ()),
    **{
        f"{lib}.Cipher.{one}.new": (2, ("iv", "IV", "nonce"))
        for lib in ("Crypto", "Cryptodome")
        for one in ("AES", "DES", "DES3", "Blowfish")
    },
    **{
        f"cryptography.hazmat.primitives.ciphers.modes.{one}": (0, ("initialization_vector", "nonce"))
        for one in ("CBC", "CTR", "GCM", "CFB", "OFB")
    },
}
SALTED: dict[str, tuple[int, str, int | None, str]] = {
    "hashlib.pbkdf2_hmac": (2, "salt", 3, "iterations"),
    "crypto.pbkdf2": (1, "", 2, ""),
    "crypto.pbkdf2Sync": (1, "", 2, ""),
    "crypto.scrypt": (1, "", None, ""),
    "crypto.scryptSync": (1, "", None, ""),
    "hashlib.scrypt": (-1, "salt", None, ""),
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC": (-1, "salt", -1, "iterations"),
    "Crypto.Protocol.KDF.PBKDF2": (1, "salt", 3, "count"),
}
LEAST_ROUNDS, DOUBTFUL_ROUNDS, LEAST_BCRYPT, LEAST_RSA = 10_000, 100_000, 10, 2048
RANDOM = frozenset(
    {"random", "randint", "choice", "choices", "getrandbits", "sample", "randrange", "randbytes", "uniform", "shuffle"}
)
# Words under which a predictable number is a defect, and not only a question.
MUST_BE_SECRET = set_of(
    "password passwd pwd passphrase token tokens secret secrets otp totp nonce salt csrf apikey session sessionid reset verification credential credentials pin passcode voucher"
)
