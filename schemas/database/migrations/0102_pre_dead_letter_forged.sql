-- Letters of records that are not believed are counted with every look: by an index of these alone. The codes are those
-- of schemas/belief.py; a code that is new there needs an index with it here.
create index if not exists dead_letter_forged on rm.dead_letter (state, dead_at)
 where dead_at is not null
   and code in ('bad-signature', 'misplaced', 'retired-key', 'unknown-key', 'unsealed', 'unsigned');
