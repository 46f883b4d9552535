package dev.fairlead.app.admin;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a route asks for. */
public enum Permission {
  /** Nothing: also somebody who has not signed in. */
  OPEN("open"),
  /** To be somebody, whatever the role. */
  SIGNED_IN("signed_in"),
  CONFIG_READ("config.read"),
  CONFIG_WRITE("config.write"),
  KEYS_WRITE("keys.write"),
  USAGE_READ("usage.read"),
  LOGS_READ("logs.read"),
  /** The text of prompts and replies, of whoever wrote them; every use of it is audited. */
  PROMPTS_READ("prompts.read"),
  /** Accounts, tokens, the audit log. */
  ADMIN("admin");

  private final String label;

  Permission(String label) {
    this.label = label;
  }

  /** As it is written in JSON and shown to people. */
  public String label() {
    return label;
  }

  /** Whether it can be given to somebody. */
  public boolean grantable() {
    return this != OPEN && this != SIGNED_IN;
  }

  /** The grantable permission written {@code label}, or null. */
  public static @Nullable Permission of(String label) {
    for (Permission permission : values()) {
      if (permission.grantable() && permission.label.equals(label.toLowerCase(Locale.ROOT))) {
        return permission;
      }
    }
    return null;
  }
}
