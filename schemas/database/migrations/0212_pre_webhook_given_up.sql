-- Deliveries of a webhook that were given up lately: the health looks at them every two seconds.

create index webhook_delivery_given_up on flow.webhook_delivery (webhook_id, ended_at) where state = 'failed';
