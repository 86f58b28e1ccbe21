-- Says whether an audit entry of that time may go: it is older than the days for which entries are kept at least,
-- whatever is set (schemas/audit.py).
-- Called by: audit.fit_checkpoint, audit.refuse

create or replace function audit.is_over(p_at timestamptz) returns boolean language sql stable as $$
    select p_at < now() - interval '90 days'
$$;
