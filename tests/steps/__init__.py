"""The steps of the features, by concept. Their asserts tell what they compared."""

from pkgutil import iter_modules

import pytest

MODULES = tuple(
    f"{__name__}.{module.name}" for module in iter_modules(__path__) if not module.ispkg
)

pytest.register_assert_rewrite(*MODULES)
