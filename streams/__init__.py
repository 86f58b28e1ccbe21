"""The processes that react to events: `worker`, `runner` (analyses), `pump` (retries), `watchdog`, and `provision`.

- `analysis`, `phase1`: the handlers, pure functions from an event to the events that follow.
- `hosts`: how records get to a handler; `hosts/dispatch.py` says which handler takes which event.
- `guard`: what happens around each handler: order, retries, dead letters. `retries`: the delay topics.
- `settings.py`: the delays of retries and all other settings.
"""
