-- An event that does not fit its schema can never be published as it is. The relay sets its row aside and says why, and
-- sets aside what follows in its stream, so that nothing overtakes it; all other streams go on. Mended, the row goes by
-- itself: the relay tries again those that are set aside, the first of each stream, every few seconds.
alter table decide.outbox
    add column held_at  timestamptz,  -- when it was set aside
    add column held_why text;         -- what is wrong with it; null: it waits behind one that is
create index outbox_held on decide.outbox (stream, version) where held_at is not null;
