-- From here on each row of the outbox is sealed by who decides it, and the relay refuses one that is not.

create trigger sealed before insert or update of data on decide.outbox
    for each row when (new.seal is null) execute function decide.seal_outbox();
insert into decide.outbox_sealed (seq) select coalesce(max(seq), 0) from decide.outbox;
