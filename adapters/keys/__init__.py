"""The keys of persons and documents: what seals their values, opens them, and forgets them."""

from adapters.keys.master import FileMasterKey, MasterKey
from adapters.keys.store import KeyStore
from adapters.keys.vault import holds_keys, key_database

__all__ = ["FileMasterKey", "KeyStore", "MasterKey", "holds_keys", "key_database"]
