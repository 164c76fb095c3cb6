"""The HTTP gateway: CloudEvents in, one result per event out."""
