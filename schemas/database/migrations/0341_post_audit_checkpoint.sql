-- A checkpoint is of a place that the chain has, whose entry is old: nobody lets go of young ones by planting another.
create trigger fits before insert on audit.checkpoint for each row execute function audit.fit_checkpoint();
