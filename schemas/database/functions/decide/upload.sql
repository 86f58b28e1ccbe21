-- Accepts a document as a new plan: head, document, its days, what it sold and what came back (`sold` and
-- `returned` of the facts, stored apart), what it was compared with, deadline, and plan.uploaded into the outbox.
-- A duplicate, unless `p_again`, is the same file for the same channels with the same mapping, costs, stock and returns
-- (`mapping`, `goods`) and team (`team`). Of two uploads at the same moment the second sees the first. The same key
-- with the same request gives the first answer again.
-- A closed team takes none; one that is closed at the same moment is closed before this, or after it.
-- Outcomes: accepted, duplicate, team_closed, key_reused.
-- Called by: gateway/commands/commands.py

create or replace function decide.upload(
    c decide.command, p_document uuid, p_sha256 text, p_channels text[], p_facts jsonb, p_again boolean
) returns jsonb language plpgsql as $$
declare
    known record;
    answer jsonb;
    team uuid := coalesce((p_facts ->> 'team')::uuid, '00000000-0000-0000-0000-000000000000');  -- no team's
begin
    if c.key is not null then
        answer := decide.claim_key(c);
        if answer is not null then
            return answer;
        end if;
    end if;
    -- two uploads of one file at the same moment: the second sees the first
    perform pg_advisory_xact_lock(hashtextextended(p_sha256, 0));
    if not p_again then
        select d.plan_id, h.status into known from decide.document d join decide.head h on h.stream = 'plan-' || d.plan_id
         where d.sha256 = p_sha256 and d.channels @> p_channels and p_channels @> d.channels
           and coalesce(d.facts ->> 'mapping', '') = coalesce(p_facts ->> 'mapping', '')
           and coalesce(d.facts ->> 'goods', '') = coalesce(p_facts ->> 'goods', '')
           -- another team's plan is not told of
           and exists (select from decide.plan_team t where t.plan_id = d.plan_id and t.team_id = team)
           and h.status not in (select s.status from decide.status s where s.kind = 'plan' and s.given_up)
         order by d.stored_at desc limit 1;
        if found then
            if c.key is not null then
                delete from decide.idempotency where scope = c.scope and key = c.key;
            end if;
            return jsonb_build_object('outcome', 'duplicate', 'plan_id', known.plan_id, 'status', known.status);
        end if;
    end if;
    perform from access.team t where t.team_id = team and t.closed_at is null for share;
    if not found and team <> '00000000-0000-0000-0000-000000000000' then
        if c.key is not null then
            delete from decide.idempotency where scope = c.scope and key = c.key;
        end if;
        return jsonb_build_object('outcome', 'team_closed');
    end if;
    insert into decide.document (document_id, plan_id, sha256, channels, facts)
    values (p_document, c.id, p_sha256, p_channels, p_facts - 'sold' - 'returned' - 'team');
    insert into decide.plan_team (plan_id, team_id) values (c.id, team);
    insert into decide.channel_period (plan_id, channel, first_day, last_day)
    select c.id, f ->> 'channel', (f -> 'period' ->> 0)::date, (f -> 'period' ->> 1)::date
      from jsonb_array_elements(p_facts -> 'channels') f where jsonb_array_length(f -> 'period') = 2
    on conflict do nothing;
    insert into decide.channel_sold (plan_id, channel, first_day, last_day, sold)
    select c.id, s.key, (s.value ->> 'first_day')::date, (s.value ->> 'last_day')::date, s.value -> 'sold'
      from jsonb_each(p_facts -> 'sold') s;
    insert into decide.channel_returned (plan_id, channel, returned)
    select c.id, r.key, r.value from jsonb_each(coalesce(p_facts -> 'returned', '{}')) r;
    perform decide.tell_compared(c.id, p_facts);
    perform decide.open_plan(c);
    perform decide.put_outbox('plan.events', 'plan.uploaded', 'plan-' || c.id, 1, c.id, c, c.event_id, c.data);
    perform decide.set_deadline(c.id, 'analysis');
    answer := jsonb_build_object('outcome', 'accepted', 'status', 'analyzing', 'version', 1, 'plan_id', c.id, 'event_id', c.event_id);
    if c.key is not null then
        update decide.idempotency set response = answer where scope = c.scope and key = c.key;
    end if;
    return answer;
end $$;
