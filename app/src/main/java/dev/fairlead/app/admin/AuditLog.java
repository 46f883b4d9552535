package dev.fairlead.app.admin;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.store.admin.AdminStore;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what to what, from where, before and after, with secrets masked by whoever tells it.
 * Nothing in it is ever changed. Blocking.
 */
public final class AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final int MOST_REFUSALS_A_MINUTE = 60;
  private static final int MOST_JSON = 64 * 1024;
  private static final int MOST_TEXT = 256;

  private final AdminStore store;
  private final InstantSource clock;
  private final AtomicLong refusalMinute = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  public AuditLog(AdminStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What something was done to.
   *
   * @param kind {@code virtual_key}, {@code account}, {@code log} …
   * @param id empty where there is none
   * @param name as people call it, or empty
   */
  public record Subject(String kind, String id, String name) {}

  /**
   * What is to be noted of a change, for whoever writes it together with the change.
   *
   * @param action {@code create}, {@code update}, {@code delete}, {@code rotate} …
   * @param before JSON without secrets, or null
   * @param after JSON without secrets, or null
   */
  public AuditEntry change(
      ApiCall call,
      String action,
      Subject subject,
      @Nullable String before,
      @Nullable String after) {
    return entry(call.actor(), call.clientAddress(), action, subject, before, after, "done", "");
  }

  /** Notes something that changes no entity: a login, an export. */
  public void did(ApiCall call, String action, Subject subject, String detail) {
    append(call.actor(), call.clientAddress(), action, subject, null, null, "done", detail);
  }

  /**
   * Notes that somebody reads the text of a prompt or reply. Called before it is shown: what cannot
   * be noted is not read.
   */
  public void promptRead(ApiCall call, String logId) {
    did(call, "read_prompt", new Subject("log", logId, ""), "");
  }

  /** What is to be noted of a change the program itself makes. */
  public AuditEntry system(String action, Subject subject, @Nullable String after, String detail) {
    Actor system =
        new Actor("system", "system", null, Set.of(), Sight.EVERYTHING, Actor.Means.NONE);
    return entry(system, "", action, subject, null, after, "done", detail);
  }

  /** Notes a change by somebody who is not a call's actor: who has just signed in. */
  public void by(Actor actor, ApiCall call, String action, Subject subject, String detail) {
    append(actor, call.clientAddress(), action, subject, null, null, "done", detail);
  }

  /** Notes an attempt that was refused; of many in a minute only the first. */
  public void refused(ApiCall call, String action, Subject subject, String detail) {
    long minute = clock.millis() / 60_000;
    if (refusalMinute.getAndSet(minute) != minute) {
      refusals.set(0);
    }
    long count = refusals.incrementAndGet();
    if (count > MOST_REFUSALS_A_MINUTE) {
      return;
    }
    append(
        call.actor(),
        call.clientAddress(),
        action,
        subject,
        null,
        null,
        "refused",
        count == MOST_REFUSALS_A_MINUTE ? detail + "; more in this minute are not noted" : detail);
  }

  private void append(
      Actor actor,
      String address,
      String action,
      Subject subject,
      @Nullable String before,
      @Nullable String after,
      String outcome,
      String detail) {
    AuditEntry entry = entry(actor, address, action, subject, before, after, outcome, detail);
    try {
      store.appendAudit(entry);
    } catch (RuntimeException failed) {
      LOG.error(
          "not in the audit log: {} {} {} by {} ({})",
          action,
          subject.kind(),
          subject.id(),
          actor.name(),
          outcome);
      throw failed;
    }
  }

  private AuditEntry entry(
      Actor actor,
      String address,
      String action,
      Subject subject,
      @Nullable String before,
      @Nullable String after,
      String outcome,
      String detail) {
    return new AuditEntry(
        0,
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        kindOf(actor),
        actor.id(),
        actor.name(),
        action,
        subject.kind(),
        cut(subject.id()),
        cut(subject.name()),
        bounded(before),
        bounded(after),
        address.isEmpty() ? null : address,
        outcome,
        cut(detail));
  }

  private static String kindOf(Actor actor) {
    return switch (actor.means()) {
      case LOCAL -> "command_line";
      case TOKEN -> "token";
      case SESSION, BASIC -> "account";
      case NONE -> actor.id().toLowerCase(Locale.ROOT);
    };
  }

  private static String cut(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
  }

  private static @Nullable String bounded(@Nullable String json) {
    return json == null || json.length() <= MOST_JSON
        ? json
        : "{\"too_large\":" + json.length() + "}";
  }
}
