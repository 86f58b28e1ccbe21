-- Nobody changes what is written of who did what. Old entries go with their checkpoint (functions/audit/refuse.sql).

create trigger for_good before update or delete on audit.entry for each row execute function audit.refuse();
create trigger for_good before update or delete on audit.link for each row execute function audit.refuse();
create trigger for_good before update or delete on audit.checkpoint for each row execute function audit.refuse();
create trigger not_all before truncate on audit.entry for each statement execute function audit.refuse();
create trigger not_all before truncate on audit.link for each statement execute function audit.refuse();
create trigger not_all before truncate on audit.checkpoint for each statement execute function audit.refuse();
