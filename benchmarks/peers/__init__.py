"""The same job in six ways: each peer as its own users would write it, and huanxin's worker."""
