-- Letters that nobody has to decide on any more, in the order in which they go.

create index if not exists dead_letter_ended on rm.dead_letter (acted_at) where state in ('discarded', 'replayed');
