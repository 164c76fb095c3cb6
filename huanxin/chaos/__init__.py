"""`huanxin chaos`: the fault matrix against a stack of its own, judged by an oracle outside that stack."""
