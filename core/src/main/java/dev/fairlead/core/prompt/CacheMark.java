package dev.fairlead.core.prompt;

/** How long a provider should keep a prompt prefix. */
public enum CacheMark {
  FIVE_MINUTES,
  ONE_HOUR
}
