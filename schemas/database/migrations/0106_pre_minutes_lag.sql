-- The charts of the last hour show lag and breakers, too. Null: it is not known.

alter table flow.marketplace_metrics
    add column if not exists lag      integer,  -- records before the consumer groups, the most that was seen
    add column if not exists behind   integer,  -- events that the log had and the read models had not
    add column if not exists breakers integer;  -- that held calls back
