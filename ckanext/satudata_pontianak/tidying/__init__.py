"""Messy workbooks become tidy tables by a recipe that is shown, mended, kept and applied again.

Pure: bytes in, tables and sentences out.
"""
