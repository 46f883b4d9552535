package dev.fairlead.app.admin.access;

import dev.fairlead.core.model.Headers;
import org.jspecify.annotations.Nullable;

/** {@code Authorization: Bearer …}. */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  static @Nullable String of(Headers headers) {
    String given = headers.get("authorization");
    return given != null && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? given.substring(SCHEME.length()).strip()
        : null;
  }
}
