"""The agreed data list of each year: who owes which data by when, and what fulfils it."""
