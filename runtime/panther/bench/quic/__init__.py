"""What the first packets of a QUIC connection tell an onlooker: its version and its application protocol.

From the bottom up: :mod:`reader` (bounded reading), :mod:`versions` (what differs between them),
:mod:`packets` (long headers), :mod:`protection` (keys and decryption), :mod:`stream` (CRYPTO frames),
:mod:`hello` (TLS messages), :mod:`keylog` (secrets that programs have written), :mod:`connections` (what
belongs together), :mod:`negotiated` (what it proves), :mod:`verdict` (from an exchange to that).
"""
