package dev.fairlead.app.admin;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an account is for. */
public enum Role {
  ADMIN(EnumSet.range(Permission.CONFIG_READ, Permission.ADMIN)),
  OPERATOR(
      EnumSet.of(
          Permission.CONFIG_READ,
          Permission.CONFIG_WRITE,
          Permission.KEYS_WRITE,
          Permission.USAGE_READ,
          Permission.LOGS_READ)),
  VIEWER(EnumSet.of(Permission.CONFIG_READ, Permission.USAGE_READ, Permission.LOGS_READ)),
  /** Sees what belongs to the own user alone. */
  DEVELOPER(EnumSet.of(Permission.USAGE_READ, Permission.LOGS_READ)),
  /** Sees what belongs to the own team alone. */
  TEAM_LEAD(EnumSet.of(Permission.USAGE_READ, Permission.LOGS_READ));

  private final Set<Permission> permissions;

  Role(EnumSet<Permission> permissions) {
    this.permissions = Set.copyOf(permissions);
  }

  public Set<Permission> permissions() {
    return permissions;
  }

  /** As it is written in JSON: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Every label. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Role::label).toList();
  }

  /** The role written {@code label}, or null. */
  public static @Nullable Role of(String label) {
    for (Role role : values()) {
      if (role.label().equals(label)) {
        return role;
      }
    }
    return null;
  }
}
