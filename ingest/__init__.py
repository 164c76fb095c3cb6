"""How events come in: HTTP gateway and files; all end in one publisher."""
