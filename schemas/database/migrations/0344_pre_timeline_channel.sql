-- What ended well on one channel, of every plan, the latest first: a page of it, and how many there are, is read by this index.

create index if not exists timeline_channel
    on rm.timeline (split_part(stream, '.', 2), recorded_at desc, plan_id, stream, version)
    where type = 'plan.channel.analyzed';
