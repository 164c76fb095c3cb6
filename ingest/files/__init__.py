"""Files: CSV and JSON Lines, read row by row in bounded memory."""
