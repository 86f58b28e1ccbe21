"""Records and the broker: `records` (what handlers see), `publisher` (sends until all is acknowledged), `placement`."""
