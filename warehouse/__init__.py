"""ClickHouse: numbered migrations, client, marts, supervision rules as SQL files, access."""
