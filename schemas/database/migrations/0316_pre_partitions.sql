-- How many partitions the topics have that grow, and among how many of them new plans are dealt: as many as soon as all
-- are read. Null: as many as schemas/topics.toml declares. A plan's id says among how many it was dealt.

alter table flow.log_home add column if not exists partitions integer check (partitions > 0);
alter table flow.log_home add column if not exists dealt_among integer check (dealt_among <= partitions);
