"""From events to messages people receive."""
