"""Who did what, from where: written with what it tells of, and chained."""
