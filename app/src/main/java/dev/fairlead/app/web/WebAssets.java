package dev.fairlead.app.web;

import dev.fairlead.core.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of the built dashboard on the class path, each also compressed when it was built. Only
 * what the build listed is ever opened, so no path of a request reaches the class loader. A file is
 * read when it is first asked for and kept: all of them are less than two megabytes.
 */
final class WebAssets {
  private static final String ROOT = "fairlead-web/";

  private final ClassLoader loader;
  private final Set<String> names;
  private final Map<String, Bytes> read = new ConcurrentHashMap<>();

  private WebAssets(ClassLoader loader, Set<String> names) {
    this.loader = loader;
    this.names = names;
  }

  /** What the build put on the class path; nothing when the dashboard was not built. */
  static WebAssets bundled() {
    ClassLoader loader = WebAssets.class.getClassLoader();
    try (InputStream list = loader.getResourceAsStream(ROOT + "files.txt")) {
      if (list == null) {
        return new WebAssets(loader, Set.of());
      }
      return new WebAssets(
          loader,
          new String(list.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .collect(Collectors.toUnmodifiableSet()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("The dashboard's files cannot be read.", unreadable);
    }
  }

  /** Whether the dashboard was built. */
  boolean built() {
    return names.contains("index.html");
  }

  /**
   * Whether there is such a file.
   *
   * @param name path below the dashboard's root, without a slash at its beginning
   */
  boolean has(String name) {
    return names.contains(name) && !name.equals("index.html");
  }

  /** The page itself. */
  Bytes index() throws IOException {
    return bytes("index.html");
  }

  /**
   * A file that {@link #has}, in the best form that {@code acceptEncoding} allows.
   *
   * @param acceptEncoding the request's header, or null
   */
  Asset get(String name, @Nullable String acceptEncoding) throws IOException {
    if (accepts(acceptEncoding, "br")) {
      return new Asset(bytes(name + ".br"), "br", type(name));
    }
    if (accepts(acceptEncoding, "gzip")) {
      return new Asset(bytes(name + ".gz"), "gzip", type(name));
    }
    return new Asset(bytes(name), null, type(name));
  }

  /**
   * A file to send.
   *
   * @param encoding its {@code content-encoding}, or null
   * @param type its {@code content-type}
   */
  record Asset(Bytes bytes, @Nullable String encoding, String type) {}

  private Bytes bytes(String name) throws IOException {
    Bytes known = read.get(name);
    if (known != null) {
      return known;
    }
    try (InputStream file = loader.getResourceAsStream(ROOT + name)) {
      if (file == null) {
        throw new IOException("The dashboard's file " + name + " is missing; build it anew.");
      }
      Bytes bytes = Bytes.of(file.readAllBytes());
      read.put(name, bytes);
      return bytes;
    }
  }

  private static boolean accepts(@Nullable String header, String coding) {
    if (header == null) {
      return false;
    }
    for (String offer : header.toLowerCase(Locale.ROOT).split(",", 32)) {
      String[] parts = offer.split(";", 2);
      if (parts[0].strip().equals(coding)) {
        return parts.length == 1 || !parts[1].replace(" ", "").matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      case "json" -> "application/json";
      default -> "application/octet-stream";
    };
  }
}
