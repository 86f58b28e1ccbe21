-- Approves many plans by one statement, with the same result as decide.run for each. It takes only plans with nothing
-- in their way, and only the first command to a plan or with a key; decide.run decides the others afterwards. The
-- caller has locked the heads.
-- Outcomes: in each accepted command's place its answer; null: decide.run decides it.
-- Called by: decide.run_all

create or replace function decide.approve_all(commands decide.command[]) returns jsonb[] language plpgsql as $$
declare
    answers jsonb[];
begin
    with given as materialized (
        select a.*, row_number() over (partition by a.id order by a.n) = 1
                    and (a.key is null or row_number() over (partition by a.scope, a.key order by a.n) = 1) as first
          from unnest(commands) with ordinality
               as a (command, id, scope, key, request_hash, expect, event_id, at, causation_id, actor, traceparent,
                     data, n)
    ), fit as materialized (
        select g.*, h.stream, h.traceparent as plan_trace, s.version + 1 as next,
               s.version + 1 + r.reserve as given_away, r.to_status, r.reserve, r.event_type, p.channels, p.priority,
               coalesce((select b.said::jsonb from rm.plan_body b where b.plan_id = p.plan_id and b.digest = p.body),
                        jsonb_build_object('opportunities', p.opportunities, 'phases', p.phases)) as proposed,
               -- two traces: the plan's is the parent, but for one that nobody recorded (decide.put_outbox)
               substr(h.traceparent, 4, 32) <> substr(g.traceparent, 4, 32) as of_two,
               decide.is_sampled(g.traceparent) and not decide.is_sampled(h.traceparent) as alone,
               jsonb_build_object('outcome', 'accepted', 'status', r.to_status, 'version', s.version + 1,
                                  'plan_id', g.id, 'event_id', g.event_id, 'traceparent', h.traceparent,
                                  'was', s.status) as answer
          from given g
          join decide.head h on h.stream = 'plan-' || g.id
          join rm.plan p on p.plan_id = g.id
          join decide.rule r on r.command = g.command
          -- the head as decide.current_head brings it up
         cross join lateral (select h.reserved <> 0 and p.version >= h.version and p.status <> h.status as behind) b
         cross join lateral (select case when b.behind then p.status else h.status end as status,
                                    case when b.behind then p.version else h.version end as version,
                                    case when b.behind then 0 else h.reserved end as reserved) s
         where g.command = 'plan.approve' and g.first and not g.data ? 'phase1'
           and s.status = any (r.from_status) and not s.status = any (r.already)
           and (g.expect is null or g.expect = s.version - s.reserved)
           -- a later version is of a plan of which a channel was analysed again
           and s.version <= 2 and s.version <= p.version
           and (not r.four_eyes or decide.barred(g.actor, p.uploaded_by) is null)
    ), kept as (
        insert into decide.idempotency (scope, key, request_hash, response)
        select scope, key, request_hash, answer from fit where key is not null order by n
        on conflict do nothing returning scope, key
    ), approved as materialized (
        select * from fit where key is null or (scope, key) in (select k.scope, k.key from kept k)
    ), moved as (
        update decide.head h
           set status = a.to_status, version = a.given_away, reserved = a.reserve, changed_at = now()
          from approved a where h.stream = a.stream
    ), put as (
        insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,
                                   correlation_id, actor, data, traceparent, link)
        select event_id, 'plan.events', id::text, event_type, stream, next, at, causation_id, id::text, actor,
               data || jsonb_build_object('plan_id', id, 'channels', channels, 'priority', priority) || proposed,
               case when of_two and not alone then plan_trace else coalesce(traceparent, plan_trace) end,
               case when of_two then case when alone then plan_trace else traceparent end end
          from approved order by n
    ), waits as (
        insert into flow.deadline (plan_id, kind) select id, 'phase1' from approved on conflict do nothing
    )
    select coalesce(array_agg(a.answer order by g.n), '{}') into answers from given g left join approved a using (n);
    return answers;
end $$;
