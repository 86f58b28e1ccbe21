-- A record that several groups gave up has a letter of each, and is counted once: undecided letters are read in the order
-- of the records that they are of, from these indexes alone. The codes are those of schemas/belief.py; a code that is new
-- there needs an index with it here.
create index if not exists dead_letter_origin
    on rm.dead_letter (orig_topic, orig_partition, orig_offset, state, dead_at)
 where state in ('open', 'parked') and dead_at is not null;
create index if not exists dead_letter_disbelieved
    on rm.dead_letter (orig_topic, orig_partition, orig_offset, dead_at)
 where state in ('open', 'parked') and dead_at is not null
   and code in ('bad-signature', 'misplaced', 'retired-key', 'unknown-key', 'unsealed', 'unsigned');
