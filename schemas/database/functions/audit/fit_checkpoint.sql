-- Refuses a checkpoint that is not of a place of the chain, as it is, whose entry may go. A trigger of the table.
-- Called by: schemas/database/migrations/0341_post_audit_checkpoint.sql

create or replace function audit.fit_checkpoint() returns trigger language plpgsql as $$
begin
    if not exists (select from audit.link l join audit.entry e using (entry_id)
                    where l.position = new.position and l.hash = new.hash and e.at = new.last_at
                      and audit.is_over(l.linked_at) and audit.is_over(e.at)) then
        raise exception 'audit.checkpoint: % is no place that may be let go', new.position using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
