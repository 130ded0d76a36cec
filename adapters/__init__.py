"""The world: event store, codec, keys, calendars, projection runner, command line."""
