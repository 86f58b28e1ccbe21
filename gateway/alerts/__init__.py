"""Alerts: findings of the verdict become messages outside of the system, and end with a recovery notice."""
