package dev.fairlead.codec.json;

import java.nio.charset.StandardCharsets;

/** The name of a member that is written often: quoted once for all. */
public final class JsonName {
  /** A comma, which the first member goes without, the quoted name and the colon. */
  final byte[] encoded;

  public JsonName(String name) {
    encoded = ("," + JsonText.quote(name).utf8() + ":").getBytes(StandardCharsets.UTF_8);
  }
}
