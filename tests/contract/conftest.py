"""Failing assertions of the published contract show what was compared."""

import pytest

pytest.register_assert_rewrite("leadlark.testing")
