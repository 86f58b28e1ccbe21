"""Lists as files: tables for spreadsheets, days for calendars."""
