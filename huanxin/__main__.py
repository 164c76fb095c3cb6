"""`python -m huanxin` is the `huanxin` command."""

from huanxin.cli import main

main()
