"""What an event is: one pydantic model per event type and version, code lists, check digits, personal-data marks."""
