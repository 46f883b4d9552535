package dev.fairlead.app.config;

import dev.fairlead.core.port.Sealing;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A sealing tests can see through: the place and the secret, in hexadecimal. */
final class Sealed {
  static final Sealing SEALING =
      new Sealing() {
        @Override
        public String seal(String secret, String place) {
          return PREFIX + hex(place) + "." + hex(secret);
        }

        @Override
        public String open(String sealed, String place) throws Unopened {
          String start = PREFIX + hex(place) + ".";
          if (!sealed.startsWith(start)) {
            throw new Unopened("the secret of " + place + " was sealed for another place");
          }
          return new String(
              HexFormat.of().parseHex(sealed.substring(start.length())), StandardCharsets.UTF_8);
        }
      };

  private Sealed() {}

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
