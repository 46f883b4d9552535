package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.store.admin.AdminStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The link by which an administrator's account is made: one at a time, used once, good for a day.
 * What the store keeps of it is a hash, its end, and whether it is for the first account only.
 */
public final class OneTimeLinks {
  private static final String SETTING = "sign_in.link";
  private static final Duration GOOD = Duration.ofDays(1);

  private final AdminStore store;
  private final InstantSource clock;

  public OneTimeLinks(AdminStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** A link's secret part, and when it ends. */
  public record Link(String value, Instant expiresAt) {
    @Override
    public String toString() {
      return "Link[until " + expiresAt + "]";
    }
  }

  /**
   * Makes a link; one made before is good no more.
   *
   * @param onlyAsFirst whether it is good only while there is no account
   */
  public Link create(boolean onlyAsFirst) {
    String value = Secrets.create(Secrets.LINK);
    Instant end = clock.instant().plus(GOOD).truncatedTo(ChronoUnit.SECONDS);
    store.putSetting(
        SETTING,
        Secrets.hash(value) + " " + end.getEpochSecond() + (onlyAsFirst ? " first" : " any"));
    return new Link(value, end);
  }

  /**
   * Uses a link up.
   *
   * @return whether it was for the first account only
   */
  boolean use(String value) throws ApiProblem {
    String kept = store.setting(SETTING);
    if (kept == null || !good(kept, value) || !store.compareAndSetSetting(SETTING, kept, null)) {
      throw ApiProblem.forbidden(
          "This link was used, has expired or was replaced by a newer one. Make another one with"
              + " \"fairlead admin link\" on the gateway's machine.");
    }
    return kept.endsWith(" first");
  }

  /** Whether it could be used now. */
  boolean good(String value) {
    String kept = store.setting(SETTING);
    return kept != null && good(kept, value);
  }

  private boolean good(String kept, @Nullable String value) {
    String[] parts = kept.split(" ", -1);
    return parts.length == 3
        && value != null
        && parts[0].equals(Secrets.hash(value))
        && clock.instant().getEpochSecond() < Long.parseLong(parts[1]);
  }
}
