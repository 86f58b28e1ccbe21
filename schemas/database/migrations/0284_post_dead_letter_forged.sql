-- The index of letters that are not believed without the records that they are of: another one has replaced it.

drop index if exists rm.dead_letter_forged;
