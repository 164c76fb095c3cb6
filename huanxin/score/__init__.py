"""How well the supervision rules find what a simulation planted: precision and recall against the answer key."""
