package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.AdminStore;
import org.jspecify.annotations.Nullable;

/** The accounts' own passwords. */
public final class LocalSignIn implements SignIn {
  private final AdminStore store;
  private final Passwords passwords;

  public LocalSignIn(AdminStore store, Passwords passwords) {
    this.store = store;
    this.passwords = passwords;
  }

  @Override
  public String name() {
    return "password";
  }

  @Override
  public @Nullable Account account(String username, String password)
      throws ApiProblem, InterruptedException {
    Account account = store.accountNamed(username);
    String hash = account == null ? null : account.passwordHash();
    return passwords.check(password, hash) ? account : null;
  }
}
