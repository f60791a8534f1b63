"""An AWS account inside this process, for recording the demo: moto (a development dependency), with what it lacks or loses filled in."""
