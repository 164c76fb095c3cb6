"""Databases as sources: an exchange table that is polled, or one whose changes Debezium captures."""
