package dev.fairlead.core.routing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.failure.Failure;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Which providers carry the tags a request requires. The one place that decides it. */
public final class Residency {
  /** Carried by model servers on machines of the operator's own without being written. */
  public static final String LOCAL = "local";

  /** Code of the denial. */
  public static final String CODE = "residency";

  private Residency() {}

  /** Whether {@code provider} carries all of {@code required}. */
  public static boolean allows(ProviderConfig provider, Set<String> required) {
    for (String tag : required) {
      if (!provider.tags().contains(tag) && !(tag.equals(LOCAL) && isNear(provider))) {
        return false;
      }
    }
    return true;
  }

  /** Why {@code provider} may not be used. */
  public static Failure.Denied denial(String provider, Set<String> required) {
    return Failure.Denied.forbidden(
        CODE,
        "This request may only go to providers tagged "
            + String.join(" and ", new TreeSet<>(required))
            + ", and "
            + provider
            + " is not. Ask for a model of a provider that is, or ask the operator of this"
            + " gateway.");
  }

  /**
   * A local model server, all of whose addresses are near by their very names: one of its keys
   * could name a server anywhere.
   */
  private static boolean isNear(ProviderConfig provider) {
    if (!provider.local() || !isNear(provider.network().baseUrl())) {
      return false;
    }
    for (ProviderKey key : provider.keys()) {
      if (key.baseUrl() != null && !isNear(key.baseUrl())) {
        return false;
      }
    }
    for (String path : provider.paths().values()) {
      if (!path.startsWith("/") && !isNear(URI.create(path))) {
        return false;
      }
    }
    return true;
  }

  /** Loopback, private addresses, and names that cannot be had on the internet. */
  private static boolean isNear(URI address) {
    String host = address.getHost();
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (name.indexOf(':') >= 0) {
      String bare = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
      return bare.equals("::1") || bare.startsWith("fc") || bare.startsWith("fd");
    }
    return isPrivateV4(name)
        || (name.indexOf('.') < 0 && !name.isEmpty())
        || name.endsWith(".localhost")
        || name.endsWith(".local")
        || name.endsWith(".lan")
        || name.endsWith(".internal")
        || name.endsWith(".home.arpa");
  }

  private static boolean isPrivateV4(String name) {
    String[] parts = name.split("\\.", -1);
    int[] bytes = new int[4];
    if (parts.length != 4) {
      return false;
    }
    for (int i = 0; i < 4; i++) {
      if (parts[i].isEmpty() || parts[i].length() > 3) {
        return false;
      }
      for (int j = 0; j < parts[i].length(); j++) {
        int digit = parts[i].charAt(j) - '0';
        if (digit < 0 || digit > 9) {
          return false;
        }
        bytes[i] = bytes[i] * 10 + digit;
      }
    }
    return bytes[0] == 127
        || bytes[0] == 10
        || (bytes[0] == 172 && bytes[1] >= 16 && bytes[1] < 32)
        || (bytes[0] == 192 && bytes[1] == 168)
        || (bytes[0] == 100 && bytes[1] >= 64 && bytes[1] < 128);
  }
}
