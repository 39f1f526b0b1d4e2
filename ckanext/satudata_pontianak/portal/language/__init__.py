"""The languages of the portal: translations, locale, words."""
