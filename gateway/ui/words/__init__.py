"""The texts of pages, one file a subject; Portuguese is in `../locales`. Texts of findings: `gateway/verdict/words`."""
