package dev.fairlead.app.connect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a client and its first answer.
 *
 * @param code {@code not_public}, {@code key_refused} or {@code failed}
 * @param message what is wrong and what to do, in sentences
 * @param atMillis when it was seen, epoch milliseconds
 * @param id of the request that shows it, or empty
 */
record Fault(String code, String message, long atMillis, String id) {
  /** How long Cursor's servers may take to follow what the app has asked. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The newest fault that no success has followed, or null. */
  static @Nullable Fault of(Kind kind, Seen seen, long now, @Nullable String publicUrl) {
    long good = at(seen.success());
    Step refused = seen.refused();
    Step failed = seen.failed();
    if (refused != null && refused.atMillis() > good && refused.atMillis() >= at(failed)) {
      return new Fault("key_refused", said(refused), refused.atMillis(), refused.id());
    }
    if (failed != null && failed.atMillis() > good) {
      return new Fault("failed", said(failed), failed.atMillis(), failed.id());
    }
    Step preflight = seen.preflight();
    if (kind == Kind.CURSOR
        && preflight != null
        && preflight.atMillis() > at(seen.request())
        && preflight.atMillis() > at(seen.refused())
        && now - preflight.atMillis() >= PATIENCE.toMillis()) {
      return new Fault("not_public", notPublic(publicUrl), preflight.atMillis(), "");
    }
    return null;
  }

  private static long at(@Nullable Step step) {
    return step == null ? Long.MIN_VALUE : step.atMillis();
  }

  private static String said(Step step) {
    String message = step.message();
    return message != null ? message : "It was answered with " + step.status() + ".";
  }

  private static String notPublic(@Nullable String publicUrl) {
    return "The URL is not public: Cursor's app has reached this gateway, but within a minute no"
        + " request followed from Cursor's servers, which send the prompts. "
        + (publicUrl == null
            ? "Give the gateway a public https address, by a tunnel or a reverse proxy, put it"
                + " into Cursor as the base URL with /cursor behind it, and into config.json as"
                + " fairlead.public_url."
            : "Cursor's base URL has to be "
                + publicUrl
                + "/cursor (fairlead.public_url), and that address has to be reachable from the"
                + " internet with a certificate that others trust.");
  }
}
