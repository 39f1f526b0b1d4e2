"""Specific personal data (UU 27/2022 article 4(2)), found by headings and words."""
