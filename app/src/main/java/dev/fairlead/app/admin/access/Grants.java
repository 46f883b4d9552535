package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.Actor;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Role;
import dev.fairlead.app.admin.Sight;
import dev.fairlead.store.admin.Account;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an account may do: its role, and permissions beyond it. The store keeps both as one word
 * each in one line, the role first.
 */
public record Grants(Role role, Set<Permission> extra) {
  public Grants {
    extra = Set.copyOf(extra);
  }

  /** What the store's {@code line} says; somebody whose role is not known may do nothing. */
  static @Nullable Grants parse(String line) {
    String[] words = line.split(" ", -1);
    Role role = Role.of(words[0]);
    if (role == null) {
      return null;
    }
    Set<Permission> extra = EnumSet.noneOf(Permission.class);
    for (int i = 1; i < words.length; i++) {
      Permission permission = Permission.of(words[i]);
      if (permission != null) {
        extra.add(permission);
      }
    }
    return new Grants(role, extra);
  }

  /** As the store keeps it. */
  String line() {
    TreeSet<String> words = new TreeSet<>();
    extra.forEach(permission -> words.add(permission.label()));
    return words.isEmpty() ? role.label() : role.label() + " " + String.join(" ", words);
  }

  /** Everything it may do. */
  Set<Permission> all() {
    Set<Permission> all = EnumSet.copyOf(role.permissions());
    all.addAll(extra);
    return all;
  }

  /** {@code account} as somebody who calls; null when its role is not known. */
  static @Nullable Actor actor(Account account, Actor.Means means) {
    Grants grants = parse(account.role());
    return grants == null
        ? null
        : new Actor(
            account.id(),
            account.username(),
            grants.role(),
            grants.all(),
            sight(grants.role(), account),
            means);
  }

  private static Sight sight(Role role, Account account) {
    return switch (role) {
      case ADMIN, OPERATOR, VIEWER -> Sight.EVERYTHING;
      case DEVELOPER -> {
        String user = account.userId();
        yield user == null ? new Sight.Nothing() : new Sight.User(user);
      }
      case TEAM_LEAD -> {
        String team = account.teamId();
        yield team == null ? new Sight.Nothing() : new Sight.Team(team);
      }
    };
  }
}
