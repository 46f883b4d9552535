package dev.fairlead.core.identity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The value of a header that tells a provider who is asking: text with names in braces, such as
 * {@code {user.email}}.
 */
public final class HeaderTemplate {
  /** What can be told. */
  public enum Field {
    KEY_ID("virtual_key.id"),
    KEY_NAME("virtual_key.name"),
    USER_ID("user.id"),
    USER_NAME("user.name"),
    USER_EMAIL("user.email"),
    TEAM_ID("team.id"),
    TEAM_NAME("team.name"),
    CUSTOMER_ID("customer.id"),
    CUSTOMER_NAME("customer.name"),
    /** As the client says; it is not checked. */
    SESSION("session"),
    REQUEST_ID("request_id");

    private final String label;

    Field(String label) {
      this.label = label;
    }

    /** Its name between the braces. */
    public String label() {
      return label;
    }
  }

  /** Longest value of one field, in characters; the rest is left out. */
  private static final int LONGEST = 256;

  private static final Pattern NAMED = Pattern.compile("\\{([a-z_]+(?:\\.[a-z_]+)?)}");
  private static final String HEX = "0123456789ABCDEF";

  private sealed interface Piece {
    record Fixed(String text) implements Piece {}

    record Told(Field field) implements Piece {}
  }

  private final List<Piece> pieces;

  private HeaderTemplate(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  /** Whether {@code text} names anything in braces. */
  public static boolean isOne(String text) {
    return NAMED.matcher(text).find();
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException saying which name is none, and which there are
   */
  public static HeaderTemplate parse(String text) {
    List<Piece> pieces = new ArrayList<>();
    Matcher names = NAMED.matcher(text);
    int done = 0;
    while (names.find()) {
      if (names.start() > done) {
        pieces.add(new Piece.Fixed(text.substring(done, names.start())));
      }
      pieces.add(new Piece.Told(field(names.group(1))));
      done = names.end();
    }
    if (done < text.length()) {
      pieces.add(new Piece.Fixed(text.substring(done)));
    }
    return new HeaderTemplate(pieces);
  }

  private static Field field(String name) {
    for (Field field : Field.values()) {
      if (field.label().equals(name)) {
        return field;
      }
    }
    throw new IllegalArgumentException(
        "names {"
            + name
            + "}, which there is not; there are "
            + Arrays.stream(Field.values())
                .map(field -> "{" + field.label() + "}")
                .collect(Collectors.joining(", ")));
  }

  /**
   * The header's value, or null where something named is not known: half an identity is none. What
   * could end a header, and what is not ASCII, is written as {@code %XX} of its UTF-8 bytes, as is
   * the percent sign.
   */
  public @Nullable String fill(Function<Field, @Nullable String> who) {
    StringBuilder value = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Fixed(String text) -> value.append(text);
        case Piece.Told(Field field) -> {
          String known = who.apply(field);
          if (known == null || known.isBlank()) {
            return null;
          }
          append(known, value);
        }
      }
    }
    return value.toString();
  }

  private static void append(String text, StringBuilder value) {
    String bounded = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    for (byte b : bounded.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7f && b != '%') {
        value.append((char) b);
      } else {
        value.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
      }
    }
  }

  /** The names only. */
  @Override
  public String toString() {
    return pieces.stream()
        .map(piece ->
            switch (piece) {
              case Piece.Fixed _ -> "…";
              case Piece.Told(Field field) -> "{" + field.label() + "}";
            })
        .collect(Collectors.joining());
  }
}
