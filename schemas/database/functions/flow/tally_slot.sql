-- Returns a slot in which a transaction counts, and until its end no other: the first that is free, or its own already.
-- Where more transactions count at once than there are slots, they wait for one another.
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
