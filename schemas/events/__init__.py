"""One module per event type; `schemas.catalogue` discovers them."""
