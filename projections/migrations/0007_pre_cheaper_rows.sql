-- Documents of 2 to 4 KiB in every approval: compressing them costs more processor time than it saves disk.
alter table decide.outbox alter column data set storage external;
alter table rm.timeline alter column data set storage external;
alter table rm.plan alter column phases set storage external;
alter table rm.plan alter column opportunities set storage external;
alter table rm.plan alter column phase1 set storage external;
-- A file that was uploaded before is found in decide.document.
drop index rm.plan_sha256;
