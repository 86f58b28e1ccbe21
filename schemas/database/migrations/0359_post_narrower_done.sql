-- What ended well is read from the latest on: by its time alone its rows are found, and the few of one time are sorted as they
-- are read. The ids beside it took three quarters of these indexes.

drop index if exists rm.timeline_done;
create index timeline_done on rm.timeline (recorded_at desc)
    where type in ('plan.channel.analyzed', 'plan.phase1.created', 'task.completed');
drop index if exists rm.timeline_channel;
create index timeline_channel on rm.timeline (split_part(stream, '.', 2), recorded_at desc) where type = 'plan.channel.analyzed';
