-- The request that asks for a proposal of columns, and its trace: the log lines of the runner that answers have them.

alter table flow.column_proposal
    add column if not exists request_id  text not null default '',
    add column if not exists traceparent text;
