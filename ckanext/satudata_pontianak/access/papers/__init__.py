"""Registers, receipts and signed papers, for whoever asks."""
