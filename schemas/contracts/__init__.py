"""Contracts: what source systems and readers may rely on, written from the models and compared with what was published."""
