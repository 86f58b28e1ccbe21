-- Deletes the oldest audit entries with their links, up to `p_most`, that are older than `p_days`, in the order of the
-- chain. A checkpoint keeps the hash that the next entry is checked against. Returns how many were deleted.
-- Called by: gateway/audit/expiring.py

create or replace function audit.drop_expired(p_days integer, p_most integer) returns integer language plpgsql as $$
declare
    upto record;
    gone integer;
begin
    -- the chain is only ever let go up to the first entry that is still young
    select l.position, l.hash, e.at into upto
      from (select * from audit.link k order by k.position limit p_most) l join audit.entry e using (entry_id)
     where l.linked_at < now() - make_interval(days => p_days) and e.at < now() - make_interval(days => p_days)
     order by l.position desc limit 1;
    if not found then
        return 0;
    end if;
    insert into audit.checkpoint (position, hash, last_at) values (upto.position, upto.hash, upto.at)
    on conflict do nothing;
    delete from audit.entry e using audit.link l where l.entry_id = e.entry_id and l.position <= upto.position;
    get diagnostics gone = row_count;
    delete from audit.link where position <= upto.position;
    return gone;
end $$;
