package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.Actor;
import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.admin.Fields;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Role;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.AdminStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Who may sign in: {@code /api/accounts}. */
public final class Accounts {
  private static final String[] FIELDS = {
    "username", "name", "password", "role", "permissions", "user_id", "team_id", "active"
  };

  /** What answers hold beyond those; sent back, they change nothing. */
  private static final Set<String> SHOWN = Set.of("id", "created_at", "last_login_at");

  private static final String NAME_FORM = "[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]{0,63}";

  private final AdminStore store;
  private final Passwords passwords;
  private final AuditLog audit;
  private final InstantSource clock;
  private final AtomicReference<@Nullable String> fromEnvironment = new AtomicReference<>();

  public Accounts(AdminStore store, Passwords passwords, AuditLog audit, InstantSource clock) {
    this.store = store;
    this.passwords = passwords;
    this.audit = audit;
    this.clock = clock;
  }

  public List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/accounts", Permission.ADMIN, this::list),
        new ApiRoute("POST", "/api/accounts", Permission.ADMIN, this::create),
        new ApiRoute("GET", "/api/accounts/{id}", Permission.ADMIN, this::show),
        new ApiRoute("PUT", "/api/accounts/{id}", Permission.ADMIN, this::change),
        new ApiRoute("DELETE", "/api/accounts/{id}", Permission.ADMIN, this::remove),
        new ApiRoute("GET", "/api/roles", Permission.SIGNED_IN, _ -> roles()));
  }

  /** The account called {@code username}, made or brought up to date by the environment. */
  public void ensure(String username, String password) throws ApiProblem, InterruptedException {
    if (!username.matches(NAME_FORM)) {
      throw ApiProblem.invalid("username", "The admin's user name " + nameRule() + ".");
    }
    String flaw = Passwords.flaw(password, username);
    if (flaw != null) {
      throw ApiProblem.invalid("password", "The admin's password: " + flaw);
    }
    Account known = store.accountNamed(username);
    if (known == null) {
      known = fresh(username, "", passwords.hash(password), Role.ADMIN.label(), null, null, true);
      store.createAccount(
          known,
          audit.system(
              "create", subject(known), json(known), "from the environment or config.json"));
    } else {
      String hash = known.passwordHash();
      Grants grants = Grants.parse(known.role());
      boolean admin = grants != null && grants.role() == Role.ADMIN;
      if (hash == null || !passwords.check(password, hash) || !known.active() || !admin) {
        Account renewed =
            new Account(
                known.id(),
                known.username(),
                known.displayName(),
                passwords.hash(password),
                admin ? known.role() : Role.ADMIN.label(),
                known.userId(),
                known.teamId(),
                true,
                known.createdAt(),
                known.lastLoginAt());
        store.updateAccountAndEndSessions(
            renewed,
            null,
            audit.system("update", subject(known), json(renewed), "password from the environment"));
      }
    }
    fromEnvironment.set(known.id());
  }

  private Account fresh(
      String username,
      String name,
      @Nullable String hash,
      String role,
      @Nullable String user,
      @Nullable String team,
      boolean active) {
    return new Account(
        Secrets.id("acc-"),
        username,
        name,
        hash,
        role,
        user,
        team,
        active,
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        null);
  }

  /** Adds an admin by a one-time link. */
  Account addAdmin(ApiCall call, String username, String password, boolean onlyAsFirst)
      throws ApiProblem, InterruptedException {
    Account account =
        fresh(username, "", passwords.hash(password), Role.ADMIN.label(), null, null, true);
    AuditEntry note = audit.change(call, "create", subject(account), null, json(account));
    if (!onlyAsFirst) {
      requireFree(username, null);
      store.createAccount(account, note);
    } else if (!store.createFirstAccount(account, note)) {
      throw ApiProblem.conflict("There is an administrator already. Sign in instead.");
    }
    return account;
  }

  /** Notes what is wrong with a user name that was given; that of none is told elsewhere. */
  static void checkName(Fields fields, String field, String username) {
    if (fields.isText(field) && !username.matches(NAME_FORM)) {
      fields.wrong(field, nameRule());
    }
  }

  private static String nameRule() {
    return "starts with a letter or digit and has at most 64 letters, digits, spaces and . _ @ + -";
  }

  private ApiAnswer list(ApiCall call) {
    JsonWriter json = new JsonWriter().beginObject().name("accounts").beginArray();
    List<Account> accounts = store.accounts();
    accounts.forEach(account -> write(account, json));
    return ApiAnswer.json(json.endArray().field("total", accounts.size()).endObject().text());
  }

  private ApiAnswer show(ApiCall call) throws ApiProblem {
    return ApiAnswer.json(json(find(call)));
  }

  private Account find(ApiCall call) throws ApiProblem {
    String id = call.parameter("id");
    Account account = store.account(id);
    account = account == null ? store.accountNamed(id) : account;
    if (account == null) {
      throw ApiProblem.missing("There is no account with this id or user name.");
    }
    return account;
  }

  private ApiAnswer create(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    Fields fields = new Fields(call.json(), FIELDS);
    String username = fields.text("username");
    checkName(fields, "username", username);
    String password = fields.text("password");
    checkPassword(fields, "password", password, username);
    Account account =
        read(fields, fresh(username, "", null, fields.text("role"), null, null, true));
    fields.check();
    requireFree(username, null);
    account = withPassword(account, passwords.hash(password));
    store.createAccount(
        account, audit.change(call, "create", subject(account), null, json(account)));
    return ApiAnswer.json(201, json(account));
  }

  /** Notes what is wrong with a password that was given, be it empty. */
  static void checkPassword(Fields fields, String field, String password, String username) {
    String flaw = fields.isText(field) ? Passwords.flaw(password, username) : null;
    if (flaw != null) {
      fields.wrong(field, flaw.substring(0, flaw.length() - 1));
    }
  }

  private void requireFree(String username, @Nullable String exceptId) throws ApiProblem {
    Account other = store.accountNamed(username);
    if (other != null && !other.id().equals(exceptId)) {
      throw ApiProblem.taken(
          "username", "There is an account called \"" + username + "\" already.");
    }
  }

  /** {@code before} with the fields given, as far as they are right. */
  private static Account read(Fields fields, Account before) {
    Grants grants = Grants.parse(before.role());
    Role role = grants == null ? null : grants.role();
    if (fields.has("role")) {
      role = Role.of(fields.text("role"));
      if (role == null) {
        fields.wrong("role", "is one of " + String.join(", ", Role.labels()));
      }
    }
    Set<Permission> extra = EnumSet.noneOf(Permission.class);
    if (fields.has("permissions")) {
      for (String label : fields.texts("permissions")) {
        Permission permission = Permission.of(label);
        if (permission == null) {
          fields.wrong("permissions", "\"" + label + "\" is none of " + grantable());
        } else {
          extra.add(permission);
        }
      }
    } else if (grants != null) {
      extra.addAll(grants.extra());
    }
    String user = reference(fields, "user_id", before.userId());
    String team = reference(fields, "team_id", before.teamId());
    if (role == Role.DEVELOPER && user == null) {
      fields.wrong("user_id", "names the user whose keys a developer sees; it is missing");
    }
    if (role == Role.TEAM_LEAD && team == null) {
      fields.wrong("team_id", "names the team a team lead sees; it is missing");
    }
    String name = fields.optional("name");
    return new Account(
        before.id(),
        before.username(),
        name == null ? before.displayName() : name,
        before.passwordHash(),
        role == null ? before.role() : new Grants(role, extra).line(),
        user,
        team,
        fields.flag("active", before.active()),
        before.createdAt(),
        before.lastLoginAt());
  }

  private static @Nullable String reference(Fields fields, String name, @Nullable String before) {
    return fields.isNull(name) ? null : fields.has(name) ? fields.optional(name) : before;
  }

  static Set<String> grantable() {
    Set<String> labels = new TreeSet<>();
    for (Permission permission : Permission.values()) {
      if (permission.grantable()) {
        labels.add(permission.label());
      }
    }
    return labels;
  }

  private ApiAnswer change(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    Account before = find(call);
    Fields fields = new Fields(call.json().remove(SHOWN), FIELDS);
    Account after = read(fields, before);
    String username = fields.optional("username");
    if (username != null) {
      checkName(fields, "username", username);
      after = renamed(after, username);
    }
    String password = fields.optional("password");
    if (password != null) {
      checkPassword(fields, "password", password, after.username());
    }
    fields.check();
    boolean unlocked = !managed(before);
    if (!unlocked && (password != null || !after.username().equals(before.username()))) {
      throw ApiProblem.readOnly(managedBy());
    }
    requireFree(after.username(), before.id());
    requireAnAdmin(before, after);
    if (password != null) {
      after = withPassword(after, passwords.hash(password));
    }
    AuditEntry note = audit.change(call, "update", subject(after), json(before), json(after));
    boolean ends = password != null || !after.active() || !after.role().equals(before.role());
    if (!(ends
        ? store.updateAccountAndEndSessions(after, null, note)
        : store.updateAccount(after, note))) {
      throw ApiProblem.missing("The account is gone.");
    }
    return ApiAnswer.json(json(after));
  }

  /** Whether its name and password are set by the environment. */
  boolean managed(Account account) {
    return account.id().equals(fromEnvironment.get());
  }

  static String managedBy() {
    return "This account's name and password are set by FAIRLEAD_ADMIN_USERNAME and"
        + " FAIRLEAD_ADMIN_PASSWORD, or auth_config of config.json; change them there.";
  }

  private void requireAnAdmin(Account before, @Nullable Account after) throws ApiProblem {
    if (isAdmin(before) && (after == null || !isAdmin(after))) {
      long others =
          store.accounts().stream()
              .filter(other -> !other.id().equals(before.id()) && isAdmin(other))
              .count();
      if (others == 0) {
        throw ApiProblem.conflict(
            "This is the last active account with the role admin; make another one first.");
      }
    }
  }

  private static boolean isAdmin(Account account) {
    Grants grants = Grants.parse(account.role());
    return account.active() && grants != null && grants.role() == Role.ADMIN;
  }

  private ApiAnswer remove(ApiCall call) throws ApiProblem {
    Account account = find(call);
    if (managed(account)) {
      throw ApiProblem.readOnly(managedBy());
    }
    requireAnAdmin(account, null);
    AuditEntry note = audit.change(call, "delete", subject(account), json(account), null);
    if (!store.removeAccount(account.id(), note)) {
      throw ApiProblem.missing("The account is gone.");
    }
    return ApiAnswer.empty();
  }

  /** Gives {@code account} a new password and ends its sessions. */
  void changePassword(ApiCall call, Account account, String password)
      throws ApiProblem, InterruptedException {
    if (managed(account)) {
      throw ApiProblem.readOnly(managedBy());
    }
    store.updateAccountAndEndSessions(
        withPassword(account, passwords.hash(password)),
        null,
        audit.change(call, "change_password", subject(account), null, null));
  }

  private static Account withPassword(Account account, String hash) {
    return new Account(
        account.id(),
        account.username(),
        account.displayName(),
        hash,
        account.role(),
        account.userId(),
        account.teamId(),
        account.active(),
        account.createdAt(),
        account.lastLoginAt());
  }

  private static Account renamed(Account account, String username) {
    return new Account(
        account.id(),
        username,
        account.displayName(),
        account.passwordHash(),
        account.role(),
        account.userId(),
        account.teamId(),
        account.active(),
        account.createdAt(),
        account.lastLoginAt());
  }

  static AuditLog.Subject subject(Account account) {
    return new AuditLog.Subject("account", account.id(), account.username());
  }

  static String json(Account account) {
    JsonWriter json = new JsonWriter();
    write(account, json);
    return json.text();
  }

  static void write(Account account, JsonWriter json) {
    Grants grants = Grants.parse(account.role());
    json.beginObject()
        .field("id", account.id())
        .field("username", account.username())
        .field("name", account.displayName())
        .field("role", grants == null ? account.role() : grants.role().label())
        .name("permissions")
        .beginArray();
    if (grants != null) {
      labels(grants.extra()).forEach(json::string);
    }
    json.endArray()
        .field("user_id", account.userId())
        .field("team_id", account.teamId())
        .field("active", account.active())
        .field("created_at", account.createdAt().toString())
        .field(
            "last_login_at",
            account.lastLoginAt() == null ? null : account.lastLoginAt().toString())
        .endObject();
  }

  static Set<String> labels(Set<Permission> permissions) {
    Set<String> labels = new TreeSet<>();
    permissions.forEach(permission -> labels.add(permission.label()));
    return labels;
  }

  private static ApiAnswer roles() {
    JsonWriter json = new JsonWriter().beginObject().name("roles").beginArray();
    for (Role role : Role.values()) {
      json.beginObject().field("name", role.label()).name("permissions").beginArray();
      labels(role.permissions()).forEach(json::string);
      json.endArray().endObject();
    }
    json.endArray().name("permissions").beginArray();
    grantable().forEach(json::string);
    return ApiAnswer.json(json.endArray().endObject().text());
  }

  /** The account behind a call, or null when a token or command of none makes it. */
  @Nullable Account of(Actor actor) {
    return actor.means() == Actor.Means.LOCAL ? null : store.account(actor.id());
  }
}
