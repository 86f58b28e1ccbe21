-- The last phase of a plan that has begun; Phase 1 begins with the approval.
alter table decide.head add column if not exists phase integer not null default 1;

-- Later phases that a person has had begin.
create table rm.plan_phase (
    plan_id         uuid not null,
    number          integer not null,        -- 2 or more
    version         integer not null,        -- of its plan.phase.started, in the stream plan-<id>
    name            text not null,
    weeks           text not null,
    investment      text not null,
    expected_impact text not null,
    tasks           jsonb not null,
    started_by      text not null,
    started_at      timestamptz not null,
    primary key (plan_id, number)
);
