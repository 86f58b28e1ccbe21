-- Why a document and the one before it are not compared as they are; null: they are.
alter table rm.comparison add column if not exists not_compared jsonb;
