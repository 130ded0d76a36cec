"""The keys of persons and documents: what seals their values, opens them, and forgets them."""

from adapters.keys.master import FileMasterKey, MasterKey
from adapters.keys.store import KeyStore

__all__ = ["FileMasterKey", "KeyStore", "MasterKey"]
