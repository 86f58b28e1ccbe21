-- decide.run_and_read took its place: it says the seal of each row, too.
drop function if exists decide.run_and_look(jsonb, text[], bigint[], integer);
