-- Returns a slot for a transaction's counts, exclusive until its end: the first free one, or its own. If more
-- transactions count at once than there are slots, they wait for each other.
-- Called by: flow.tally

create or replace function flow.tally_slot() returns smallint language plpgsql as $$
declare
    slots constant integer := 32;
    counting constant integer := 1952541817;  -- 0x74616c79, the first half of the locks
begin
    for slot in 0 .. slots - 1 loop
        if pg_try_advisory_xact_lock(counting, slot) then
            return slot;
        end if;
    end loop;
    perform pg_advisory_xact_lock(counting, 0);
    return 0;
end $$;
