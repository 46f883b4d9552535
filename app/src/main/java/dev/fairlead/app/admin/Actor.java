package dev.fairlead.app.admin;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param id of the account, or of what stands for one: {@code local} for a command on this machine,
 *     {@code anonymous} for nobody
 * @param name for people and the audit log
 * @param role null for nobody
 * @param permissions what it may do; with a token no more than the token's scopes
 * @param sight of what it may do that to
 * @param means how it has proved who it is
 */
public record Actor(
    String id,
    String name,
    @Nullable Role role,
    Set<Permission> permissions,
    Sight sight,
    Means means) {
  /** How somebody has proved who it is. */
  public enum Means {
    NONE,
    SESSION,
    TOKEN,
    BASIC,
    /** By knowing a secret that only the owner of the app directory can read. */
    LOCAL
  }

  /** Somebody who has not said who it is. */
  public static final Actor NOBODY =
      new Actor("anonymous", "", null, Set.of(), new Sight.Nothing(), Means.NONE);

  public Actor {
    permissions = Set.copyOf(permissions);
  }

  /** The owner of this machine's app directory. */
  public static Actor local() {
    return new Actor(
        "local", "local", Role.ADMIN, Role.ADMIN.permissions(), Sight.EVERYTHING, Means.LOCAL);
  }

  public boolean known() {
    return means != Means.NONE;
  }

  public boolean may(Permission permission) {
    return switch (permission) {
      case OPEN -> true;
      case SIGNED_IN -> known();
      case CONFIG_READ, CONFIG_WRITE, KEYS_WRITE, USAGE_READ, LOGS_READ, PROMPTS_READ, ADMIN ->
          permissions.contains(permission);
    };
  }
}
