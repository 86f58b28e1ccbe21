-- The audit log says who asked for a proposal of columns; nothing read it here. Gateways of before write it still.
alter table flow.column_proposal alter column asked_by drop not null;
