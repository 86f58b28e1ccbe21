-- How many letters wait for a decision, and since when, is asked with every health report and scrape: it is read from
-- this index alone, which has 50 bytes a letter, not the thousands of the letter itself.
create index dead_letter_state on rm.dead_letter (state, dead_at) where dead_at is not null;
