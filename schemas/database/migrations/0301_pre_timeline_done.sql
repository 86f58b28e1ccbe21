-- What ended well, of every plan, the latest first: a page of it is read by this index alone.

create index if not exists timeline_done on rm.timeline (recorded_at desc, plan_id, stream, version)
    where type in ('plan.channel.analyzed', 'plan.phase1.created', 'task.completed');
