package dev.fairlead.app.config;

import java.util.Locale;

/**
 * Where a host of a URL is, as far as its name or literal address tells; names are not resolved.
 */
enum HostKind {
  /** This machine. */
  LOOPBACK,
  /** RFC 1918, shared address space, ULA, and the container's host. */
  PRIVATE,
  /** Link-local, where clouds keep their metadata. */
  LINK_LOCAL,
  /** Any other. */
  PUBLIC;

  static HostKind of(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    if (name.equals("localhost") || name.endsWith(".localhost") || name.equals("::1")) {
      return LOOPBACK;
    }
    if (name.equals("host.docker.internal") || name.equals("host.containers.internal")) {
      return PRIVATE;
    }
    if (name.indexOf(':') >= 0) {
      return name.startsWith("fe8")
              || name.startsWith("fe9")
              || name.startsWith("fea")
              || name.startsWith("feb")
          ? LINK_LOCAL
          : name.startsWith("fc") || name.startsWith("fd") ? PRIVATE : PUBLIC;
    }
    return ofV4(name);
  }

  private static HostKind ofV4(String name) {
    String[] parts = name.split("\\.", -1);
    if (parts.length != 4) {
      return PUBLIC;
    }
    int[] bytes = new int[4];
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("\\d{1,3}")) {
        return PUBLIC;
      }
      bytes[i] = Integer.parseInt(parts[i]);
    }
    if (bytes[0] == 127) {
      return LOOPBACK;
    }
    if (bytes[0] == 169 && bytes[1] == 254) {
      return LINK_LOCAL;
    }
    boolean ours =
        bytes[0] == 10
            || (bytes[0] == 172 && bytes[1] >= 16 && bytes[1] < 32)
            || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 100 && bytes[1] >= 64 && bytes[1] < 128);
    return ours ? PRIVATE : PUBLIC;
  }
}
