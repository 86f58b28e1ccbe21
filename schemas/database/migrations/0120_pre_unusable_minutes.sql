-- When the system could last not be used: asked once a second by the verdict, without a look at all the minutes that were well.

create index if not exists marketplace_metrics_down on flow.marketplace_metrics (at) where step = 'minute' and down_s > 0;
