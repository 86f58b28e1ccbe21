-- What failed for good by the events of plans, the latest first: a page of it is read by this index alone.
create index if not exists timeline_failed on rm.timeline (recorded_at desc, plan_id, stream, version)
    where type in ('plan.channel.failed', 'task.failed');
