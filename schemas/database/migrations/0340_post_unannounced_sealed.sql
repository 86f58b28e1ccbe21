-- What is kept there is sealed by who decides it, and is put into the outbox by that seal alone.
create trigger sealed before insert on flow.unannounced
    for each row when (new.seal is null) execute function decide.seal_outbox();
