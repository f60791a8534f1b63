"""Area E: runtimes, layers, and limits on public interfaces."""
