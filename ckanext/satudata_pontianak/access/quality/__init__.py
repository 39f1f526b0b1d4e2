"""The quality of a dataset as one reader has it: its facts, its findings, their answers."""
