package dev.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Documents.Conflict;
import dev.fairlead.core.port.Documents.Unavailable;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.ApiToken;
import dev.fairlead.store.admin.AuditFilter;
import dev.fairlead.store.admin.Session;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
@ExtendWith(Databases.class)
class StoredAdminTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");

  private static final AuditEntry NOTE = entry(0, "root", "create", NOW);

  private final Dialect dialect;
  private Database database;
  private StoredAdmin admin;

  StoredAdminTest(Dialect dialect) {
    this.dialect = dialect;
  }

  @BeforeEach
  void open(Databases.Server server, @TempDir Path directory) {
    database = Databases.empty(dialect, server, directory);
    Migrations.run(database, MigrationSeries.CONFIG, Migrations.Mode.MIGRATE);
    admin = StoredAdmin.of(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Account account(String id, String username) {
    return new Account(id, username, "", "hash", "admin", null, "t1", true, NOW, null);
  }

  private static Session session(String hash, String account, Instant expires) {
    return new Session(hash, account, "csrf", NOW, NOW, expires, "127.0.0.1", null);
  }

  private static ApiToken token(String id, String name, String hash) {
    return new ApiToken(
        id, name, hash, "fl…abcd", "a1", Set.of("logs.read", "keys.write"), NOW, null, null);
  }

  @Test
  void accountsAreFoundWhateverTheLetterCaseOfTheirName() {
    admin.createAccount(account("a1", "Anna"), NOTE);

    assertThat(admin.accountNamed("aNNa")).isEqualTo(account("a1", "Anna"));
    assertThat(admin.account("a1")).isEqualTo(account("a1", "Anna"));
    assertThat(admin.accountNamed("otto")).isNull();
    assertThatThrownBy(() -> admin.createAccount(account("a2", "ANNA"), NOTE))
        .isInstanceOf(Conflict.class);
    assertThat(admin.accounts()).hasSize(1);
    assertThat(account("a1", "Anna").toString()).doesNotContain("hash");
  }

  @Test
  void anAccountIsChangedAndRemovedWithAllThatIsItsOwn() {
    admin.createAccount(account("a1", "anna"), NOTE);
    admin.createSession(session("s1", "a1", NOW.plusSeconds(60)));
    admin.createToken(token("k1", "script", "h1"), NOTE);
    Account changed = new Account("a1", "ann", "Ann", null, "viewer", "u1", null, false, NOW, NOW);

    assertThat(admin.updateAccount(changed, NOTE)).isTrue();
    assertThat(admin.account("a1")).isEqualTo(changed);
    assertThat(admin.updateAccount(account("a9", "x"), NOTE)).isFalse();
    assertThat(admin.removeAccount("a1", NOTE)).isTrue();
    assertThat(admin.removeAccount("a1", NOTE)).isFalse();
    assertThat(admin.session("s1")).isNull();
    assertThat(admin.tokens()).isEmpty();
  }

  @Test
  void ofSeveralFirstAccountsExactlyOneIsMade() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Boolean>> tries = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) {
        Account mine = account("a" + i, "user" + i);
        tries.add(
            threads.submit(() -> {
              start.await();
              return admin.createFirstAccount(mine, NOTE);
            }));
      }
      start.countDown();
      List<Boolean> made = new ArrayList<>();
      for (Future<Boolean> one : tries) {
        made.add(one.get());
      }
      assertThat(made).containsExactlyInAnyOrder(true, false, false, false, false);
    }
    assertThat(admin.accountCount()).isEqualTo(1);
  }

  @Test
  void sessionsLastUntilTheyEndOrAreEnded() {
    admin.createAccount(account("a1", "anna"), NOTE);
    admin.createSession(session("s1", "a1", NOW.plusSeconds(60)));
    admin.createSession(session("s2", "a1", NOW.minusSeconds(60)));
    admin.createSession(session("s3", "a1", NOW.plusSeconds(60)));

    Account after = Objects.requireNonNull(admin.account("a1"));
    assertThat(after.lastLoginAt()).isEqualTo(NOW);
    admin.touchSession("s1", NOW.plusSeconds(5), NOW.plusSeconds(90));
    assertThat(admin.sessionsOf("a1", NOW)).extracting(Session::hash).containsExactly("s1", "s3");
    assertThat(admin.removeExpiredSessions(NOW)).isEqualTo(1);
    admin.removeSessionsOf("a1", "s3");
    assertThat(admin.session("s1")).isNull();
    assertThat(admin.session("s3")).isEqualTo(session("s3", "a1", NOW.plusSeconds(60)));
    admin.removeSession("s3");
    assertThat(admin.sessionsOf("a1", NOW)).isEmpty();
    assertThatThrownBy(() -> admin.createSession(session("s4", "nobody", NOW)))
        .isInstanceOfAny(Unavailable.class, Conflict.class);
  }

  @Test
  void tokensAreFoundByTheirHashUntilTheyAreRemoved() {
    admin.createAccount(account("a1", "anna"), NOTE);
    admin.createToken(token("k1", "script", "h1"), NOTE);

    assertThat(admin.tokenByHash("h1")).isEqualTo(token("k1", "script", "h1"));
    assertThatThrownBy(() -> admin.createToken(token("k2", "script", "h2"), NOTE))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> admin.createToken(token("k2", "other", "h1"), NOTE))
        .isInstanceOf(Conflict.class);
    admin.touchToken("k1", NOW);
    assertThat(admin.tokens()).extracting(ApiToken::lastUsedAt).containsExactly(NOW);
    assertThat(admin.removeToken("k1", NOTE)).isTrue();
    assertThat(admin.tokenByHash("h1")).isNull();
  }

  @Test
  void aChangeAndItsNoteAreWrittenTogetherOrNotAtAll() {
    admin.createAccount(account("a1", "anna"), entry(0, "root", "create", NOW));
    admin.createToken(token("k1", "script", "h1"), entry(0, "root", "token", NOW));
    admin.createSession(session("s1", "a1", NOW.plusSeconds(60)));
    admin.updateAccountAndEndSessions(account("a1", "anne"), null, entry(0, "root", "update", NOW));
    assertThat(admin.sessionsOf("a1", NOW)).isEmpty();

    AuditEntry vain = entry(0, "root", "in vain", NOW);
    assertThatThrownBy(() -> admin.createAccount(account("a2", "ANNE"), vain))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> admin.createToken(token("k2", "script", "h2"), vain))
        .isInstanceOf(Conflict.class);
    assertThat(admin.createFirstAccount(account("a3", "otto"), vain)).isFalse();
    assertThat(admin.updateAccount(account("a9", "x"), vain)).isFalse();
    assertThat(admin.updateAccountAndEndSessions(account("a9", "x"), null, vain)).isFalse();
    assertThat(admin.removeAccount("a9", vain)).isFalse();
    assertThat(admin.removeToken("k9", vain)).isFalse();

    assertThat(admin.audit(AuditFilter.ALL, Long.MAX_VALUE, 10))
        .extracting(AuditEntry::action)
        .containsExactly("update", "token", "create");
  }

  private static AuditEntry entry(long id, String actor, String action, Instant at) {
    return new AuditEntry(
        id,
        at,
        "account",
        actor,
        actor + " name",
        action,
        "team",
        "t1",
        "one",
        null,
        "{}",
        null,
        "done",
        "");
  }

  @Test
  void theAuditLogIsPagedFilteredAndExportedInItsOrder() {
    for (int i = 0; i < 1_203; i++) {
      admin.appendAudit(
          entry(0, i % 2 == 0 ? "a1" : "a2", i % 3 == 0 ? "create" : "update", NOW.plusMillis(i)));
    }

    List<AuditEntry> first = admin.audit(AuditFilter.ALL, Long.MAX_VALUE, 10);
    List<AuditEntry> second = admin.audit(AuditFilter.ALL, first.getLast().id(), 10);
    assertThat(first).hasSize(10);
    assertThat(first.getFirst().at()).isEqualTo(NOW.plusMillis(1_202));
    assertThat(second.getFirst().id()).isLessThan(first.getLast().id());
    AuditFilter filter =
        new AuditFilter("a1 name", "create", "team", "one", NOW.plusMillis(6), NOW.plusMillis(13));
    assertThat(admin.audit(filter, Long.MAX_VALUE, 100))
        .extracting(AuditEntry::at)
        .containsExactly(NOW.plusMillis(12), NOW.plusMillis(6));
    List<Instant> all = new ArrayList<>();
    admin.exportAudit(AuditFilter.ALL, one -> all.add(one.at()));
    assertThat(all).hasSize(1_203).isSorted();
  }

  @Test
  void theAuditLogCanOnlyBeAppendedTo() {
    admin.appendAudit(entry(0, "a1", "create", NOW));

    for (String change : List.of("UPDATE audit SET actor_id = 'x'", "DELETE FROM audit")) {
      assertThatThrownBy(() -> database.<Integer>write(sql -> sql.change(change)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("only be appended to");
    }
    assertThat(admin.audit(AuditFilter.ALL, Long.MAX_VALUE, 10)).hasSize(1);
  }

  @Test
  void settingsAreSetRemovedAndSetOnce() {
    assertThat(admin.setting("link")).isNull();
    assertThat(admin.compareAndSetSetting("link", null, "one")).isTrue();
    assertThat(admin.compareAndSetSetting("link", null, "two")).isFalse();
    assertThat(admin.compareAndSetSetting("link", "zero", "two")).isFalse();
    assertThat(admin.setting("link")).isEqualTo("one");
    assertThat(admin.compareAndSetSetting("link", "one", null)).isTrue();
    admin.putSetting("link", "three");
    admin.putSetting("link", "four");
    assertThat(admin.setting("link")).isEqualTo("four");
    admin.putSetting("link", null);
    assertThat(admin.setting("link")).isNull();
  }
}
