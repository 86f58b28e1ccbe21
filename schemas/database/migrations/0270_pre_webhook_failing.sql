-- Since when a webhook has taken nothing that it was told, and whether the system paused it for that by itself.

alter table flow.webhook
    add column if not exists failing_since timestamptz,             -- null: it took what it was told last
    add column if not exists failed_at     timestamptz,             -- of its last try that failed
    add column if not exists paused_for    text not null default ''; -- why the system paused it; '' where a person did
