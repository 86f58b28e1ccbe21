-- Tasks are no longer found by an index of how their titles begin: of an approval with five tasks it was 27 us of the 100
-- that its tasks cost the database, more than anything else of them. The newest of each status are looked through.
drop index if exists rm.task_begins;
