-- Refuses changes and deletions of audit entries. Only an entry with its link whose place a checkpoint keeps, and which
-- is old enough whatever the checkpoint says, may be deleted. A trigger of the tables of the schema audit.
-- Called by: schemas/database/migrations/0096_post_audit_for_good.sql

create or replace function audit.refuse() returns trigger language plpgsql as $$
declare
    place bigint;
    since timestamptz;
begin
    if tg_op = 'DELETE' and tg_table_name = 'link' then
        place := old.position;
        since := old.linked_at;
    elsif tg_op = 'DELETE' and tg_table_name = 'entry' then
        select l.position into place from audit.link l where l.entry_id = old.entry_id;
        since := old.at;
    end if;
    if place <= (select max(c.position) from audit.checkpoint c) and audit.is_over(since) then
        return old;
    end if;
    raise exception 'audit.% is only added to', tg_table_name using errcode = 'restrict_violation';
end $$;
