"""One pass over many blocks: whoever is outside one block leaves nothing behind in the next."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topline.designs import Design
from topline.estimates import Groups, Item, bases_of, scan

N = 60


@given(st.integers(0, 10_000), st.permutations((1, 3, 5)))
@settings(max_examples=30, deadline=None)
def test_people_in_no_group_do_not_count_in_another_block(seed: int, depths: list[int]) -> None:
    """Who has no answer to a banner variable is in none of its groups, and in those of others once."""
    rng = np.random.default_rng(seed)
    design = Design("model", rng.lognormal(0, 0.5, N), np.arange(N) % 2, ("a", "b"))
    codes = [rng.integers(0, k + 1, N).astype(np.uint8) for k in (2, 4)]
    items = [Item(c, k, bases_of(np.eye(k))) for c, k in zip(codes, (2, 4), strict=True)]
    blocks = [Groups(rng.integers(0, d + 1, N).astype(np.uint8), d) for d in depths]
    for item, cells in zip(items, scan(design, items, blocks), strict=True):
        wanted = [
            [design.weights[(block.codes == g) & (item.codes == code)].sum() for code in range(item.width)]
            for block in blocks
            for g in range(block.depth)
        ]
        assert cells.w == pytest.approx(np.array(wanted))
