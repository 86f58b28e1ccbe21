"""`python -m streams.provision`: compares topics and schemas with what is declared, and creates what is missing."""
