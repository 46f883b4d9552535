package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.store.admin.Account;
import org.jspecify.annotations.Nullable;

/**
 * A way to find out who somebody is by a user name and a password. The accounts' own passwords are
 * one; a directory server can be another. A way that sends people to somebody else's page and back
 * brings routes of its own and ends in {@link Sessions#begin} just the same. Blocking.
 */
public interface SignIn {
  /** In the audit log. */
  String name();

  /**
   * The account that {@code username} and {@code password} belong to, which may be inactive; null
   * when this way does not know them. Takes as long for names it does not know.
   */
  @Nullable Account account(String username, String password)
      throws ApiProblem, InterruptedException;
}
