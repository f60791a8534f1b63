"""Area D: alarms, failed events, logs and trails."""
