-- What was done about one dead letter: without a look at the whole audit and at every replay.

create index if not exists entry_letter on audit.entry (target, entry_id) where kind = 'letter';
create index if not exists replay_item_record on flow.replay_item (record_id);
