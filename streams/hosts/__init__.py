"""How records get to the handlers: Faust in the worker, `lane_host` in the runner, `dispatch` to the right handler."""
