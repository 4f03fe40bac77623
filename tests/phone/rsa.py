"""The RSA check of adb's AUTH packets: integer maths over the key blob that adb sends."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

_SHA1_PREFIX = bytes.fromhex("3021300906052b0e03021a05000414")
_MODULUS_BYTES = 256


@dataclass(frozen=True)
class PublicKey:
    """A 2048-bit key as it stands in adbkey.pub."""

    modulus: int
    exponent: int
    name: str

    @classmethod
    def parse(cls, text: bytes) -> PublicKey:
        """Raises ValueError when this is not adb's base64 key and name."""
        encoded, _, name = text.rstrip(b"\0").partition(b" ")
        try:
            blob = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ValueError(f"not an adb key: {error}") from error
        if len(blob) != 524:
            raise ValueError(f"not an adb key: {len(blob)} bytes")
        return cls(
            int.from_bytes(blob[8 : 8 + _MODULUS_BYTES], "little"),
            int.from_bytes(blob[520:524], "little"),
            name.decode("utf-8", "replace"),
        )

    def signed(self, token: bytes, signature: bytes) -> bool:
        """Is this the PKCS#1 v1.5 signature over the token, which stands in for a SHA-1 digest?"""
        digest = _SHA1_PREFIX + token
        padding = b"\xff" * (_MODULUS_BYTES - 3 - len(digest))
        expected = b"\0\1" + padding + b"\0" + digest
        value = pow(int.from_bytes(signature, "big"), self.exponent, self.modulus)
        return value.to_bytes(_MODULUS_BYTES, "big") == expected
