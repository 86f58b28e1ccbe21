-- The index without the topic: timeline_log has it.

drop index if exists rm.timeline_place;
