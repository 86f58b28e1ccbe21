"""Lists as files: tables for spreadsheets, days for calendars. Written some rows at a time, however long they are."""
