package dev.fairlead.app.logs;

import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Opening;
import org.jspecify.annotations.Nullable;

/** Whether what is said in a request may be kept or sent on: settings, key and client decide. */
public final class ContentConsent {
  private static final String NO_LOG = "x-fairlead-no-log";
  private static final String NO_CONTENT = "x-bf-disable-content-logging";

  private ContentConsent() {}

  /** Whether nobody who may object does. */
  public static boolean given(LoggingSettings settings, Opening opening) {
    return settings.content()
        && allows(opening.request().principal())
        && !asksForNone(opening.headers());
  }

  private static boolean allows(Principal principal) {
    return !(principal instanceof Principal.KeyHolder(var key, var _)) || key.contentLogging();
  }

  /** Whether the client wants its prompt and reply left out. */
  private static boolean asksForNone(Headers headers) {
    return says(headers.get(NO_LOG)) || says(headers.get(NO_CONTENT));
  }

  private static boolean says(@Nullable String value) {
    return value != null && !value.isBlank() && !value.equals("0") && !value.equals("false");
  }
}
