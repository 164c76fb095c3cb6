"""The departments' web pages: hand in files, look up receipts, answer findings, report indicators, operate."""
