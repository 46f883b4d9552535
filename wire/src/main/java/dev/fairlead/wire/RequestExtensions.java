package dev.fairlead.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Query parameters that are meant for the gateway rather than a provider. */
final class RequestExtensions {
  private RequestExtensions() {}

  /**
   * The client's query without what was meant for us; {@code key} is a credential and goes nowhere.
   */
  static String upstreamQuery(String query) {
    if (!mayHoldKey(query)) {
      return query;
    }
    StringBuilder kept = new StringBuilder(query.length());
    for (String parameter : query.split("&", -1)) {
      if (!isKey(parameter)) {
        kept.append(kept.isEmpty() ? "" : "&").append(parameter);
      }
    }
    return kept.toString();
  }

  /** Whether it is worth looking for {@code key}, which may be written with percent signs. */
  static boolean mayHoldKey(String query) {
    return !query.isEmpty() && (query.contains("key") || query.indexOf('%') >= 0);
  }

  private static boolean isKey(String parameter) {
    int equals = parameter.indexOf('=');
    String name = equals < 0 ? parameter : parameter.substring(0, equals);
    if (name.indexOf('%') >= 0) {
      try {
        name = URLDecoder.decode(name, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException notEncoded) {
        return false;
      }
    }
    return name.equals("key");
  }
}
