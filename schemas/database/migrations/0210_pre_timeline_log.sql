-- Events of a partition in the order of the log, from a place on: what another topic has at the same offsets is not
-- looked through. Many records have no row here, so that a place can lie far before the next row.

create index if not exists timeline_log on rm.timeline (topic, partition, "offset") where "offset" >= 0;
