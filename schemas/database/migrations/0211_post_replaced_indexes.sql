-- The index of places without the topic, and that of what was given up without the time: others have replaced them.

drop index if exists rm.timeline_place;
drop index if exists flow.webhook_delivery_failed;
