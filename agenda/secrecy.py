"""Secret ballots: envelopes, receipts, and rows that tell nothing by themselves.

What is kept while a vote is open: who has voted, in no order and without a time; and one envelope
for each ballot, encrypted with a key that is not in the database, all of one length. With each
ballot all rows are written anew, shuffled, in one transaction. At the count the envelopes are
opened, shuffled again and thrown away. So no row, and no backup of the database, links a seat with
a choice. Whoever runs the server while a vote is open and holds its key could still watch; that
needs the server, not the record.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from random import SystemRandom
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

# No letter or digit that is easily taken for another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
RECEIPT_LENGTH = 20
ENVELOPE_BYTES = 8192


def new_receipt() -> str:
    """What a voter keeps: 20 signs, about 99 bits; the first 8 are the code of her ballot."""
    return "".join(secrets.choice(ALPHABET) for _sign in range(RECEIPT_LENGTH))


def shown(receipt: str) -> str:
    """In groups of four, as it is written down."""
    return "-".join(receipt[at : at + 4] for at in range(0, len(receipt), 4))


def read_receipt(typed: str) -> str:
    """As it was made, however it was typed. Raises ValidationError for what is no receipt."""
    receipt = "".join(sign for sign in typed.upper() if sign in ALPHABET)
    if len(receipt) != RECEIPT_LENGTH:
        raise ValidationError(
            _("A receipt has %(signs)s letters and digits. Look at it again.")
            % {"signs": RECEIPT_LENGTH}
        )
    return receipt


def sign(receipt: str, decision_uid: Any) -> str:
    """The receipt as a form carries it: only one that this site made is taken."""
    return Signer(salt=f"agenda.receipt.{decision_uid}").sign(receipt)


def unsign(signed: str, decision_uid: Any) -> str:
    try:
        return Signer(salt=f"agenda.receipt.{decision_uid}").unsign(signed)
    except BadSignature:
        raise ValidationError(_("This page is out of date. Open the ballot again.")) from None


def code(receipt: str) -> str:
    """Under which a ballot stands in the published list."""
    return receipt[:CODE_LENGTH]


def lookup(receipt: str) -> str:
    """Under which an envelope lies until the count; says nothing of the code.

    Keyed: once codes are published, twelve signs of a receipt are left to guess, and whoever has
    copies of the database, but not its key, must not be able to try them all.
    """
    return _lookup(settings.SECRET_KEY, receipt)


def lookups(receipt: str) -> list[str]:
    """Under which it may lie, also where the key has been replaced since it was cast."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_lookup(key, receipt) for key in keys]


def _lookup(secret: str | bytes, receipt: str) -> str:
    found = salted_hmac("agenda.envelope", receipt, secret=secret, algorithm="sha256")
    return str(found.hexdigest())


def seal(content: dict[str, Any], decision_uid: Any) -> bytes:
    """Encrypt, all to one length. Raises ValidationError when it is too long."""
    plain = json.dumps(content, separators=(",", ":")).encode()
    if len(plain) > ENVELOPE_BYTES:
        raise ValidationError(_("The reason is too long."))
    nonce = secrets.token_bytes(12)
    padded = plain.ljust(ENVELOPE_BYTES)
    return nonce + AESGCM(_key(settings.SECRET_KEY, decision_uid)).encrypt(nonce, padded, None)


def unseal(envelope: bytes | memoryview, decision_uid: Any) -> dict[str, Any]:
    """Open an envelope, also one that was sealed with a key that has been replaced since."""
    envelope = bytes(envelope)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            plain = AESGCM(_key(secret, decision_uid)).decrypt(envelope[:12], envelope[12:], None)
        except InvalidTag:
            continue
        return json.loads(plain)
    raise ValueError("no key opens this envelope; put the former key into SECRET_KEY_FALLBACKS")


def shuffled(rows: Iterable[Any]) -> list[Any]:
    """In an order that nobody can foresee."""
    mixed = list(rows)
    SystemRandom().shuffle(mixed)
    return mixed


def _key(secret: str | bytes, decision_uid: Any) -> bytes:
    salt = str(decision_uid).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"agenda.ballot").derive(
        secret.encode() if isinstance(secret, str) else secret
    )
