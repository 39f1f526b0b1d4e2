"""What every page needs: forms, formats, words, assets."""
