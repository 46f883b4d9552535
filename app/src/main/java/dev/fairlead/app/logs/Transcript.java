package dev.fairlead.app.logs;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.store.log.Pieces;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as the log sees it: where it is cut so that a message sent again and again is
 * kept once, and what people said in it.
 */
final class Transcript {
  /** Characters of one request that are found by search. */
  static final int MOST_WORDS = 8192;

  private static final int MOST_PREVIEW = 240;

  /** Shorter values are cheaper to keep with the body than on their own. */
  private static final int WORTH_A_PART = 96;

  private static final int MOST_PARTS = 20_000;
  private static final List<String> LISTS = List.of("messages", "input", "contents");
  private static final List<String> LARGE =
      List.of(
          "system",
          "tools",
          "instructions",
          "systemInstruction",
          "system_instruction",
          "prompt",
          "messages",
          "input",
          "contents");
  private static final Interests KNOWN = Interests.of(LARGE.toArray(String[]::new));

  /** Said by people or models, other than what the program put before it. */
  private static boolean speaks(String role) {
    return role.equals("user") || role.equals("assistant") || role.equals("model");
  }

  private record Piece(int start, int end, @Nullable JsonValue message) {}

  private final Pieces pieces;
  private final List<@Nullable JsonValue> messages;

  private Transcript(Pieces pieces, List<@Nullable JsonValue> messages) {
    this.pieces = pieces;
    this.messages = messages;
  }

  /** Reads {@code body}; one that is not understood is one piece without text. */
  static Transcript of(Bytes body) {
    try {
      Envelope envelope = Envelope.scan(body, KNOWN, ScanRules.REPLY);
      List<Piece> found = new ArrayList<>();
      for (String name : LARGE) {
        JsonValue value = envelope.value(name);
        if (value != null) {
          pieces(name, value, found);
        }
      }
      found.sort(Comparator.comparingInt(Piece::start));
      int[] bounds = new int[2 * found.size()];
      List<@Nullable JsonValue> messages = new ArrayList<>(found.size());
      for (int i = 0; i < found.size(); i++) {
        bounds[2 * i] = found.get(i).start();
        bounds[2 * i + 1] = found.get(i).end();
        messages.add(found.get(i).message());
      }
      return new Transcript(new Pieces(body, bounds), messages);
    } catch (MalformedBody notUnderstood) {
      List<@Nullable JsonValue> nothing = new ArrayList<>();
      nothing.add(null);
      return new Transcript(Pieces.whole(body), nothing);
    }
  }

  private static void pieces(String name, JsonValue value, List<Piece> found) {
    if (LISTS.contains(name) && value.type() == JsonType.ARRAY) {
      for (JsonValue element : value.elements()) {
        if (found.size() >= MOST_PARTS) {
          return;
        }
        found.add(new Piece(element.span().start(), element.span().end(), element));
      }
    } else if (value.span().length() >= WORTH_A_PART) {
      boolean said = LISTS.contains(name) || name.equals("prompt");
      found.add(new Piece(value.span().start(), value.span().end(), said ? value : null));
    }
  }

  Pieces pieces() {
    return pieces;
  }

  /**
   * What was said in messages that are found by this request, the newest last, within bounds: its
   * own turn, which is all after the model's last one, whoever said the same before; and of those
   * before it, which clients send again and again, those of {@code fresh}.
   */
  String words(BitSet fresh) {
    BitSet wanted = (BitSet) fresh.clone();
    wanted.set(turn(), messages.size());
    return said(wanted);
  }

  private int turn() {
    int first = messages.size();
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonValue message = messages.get(i);
      if (message != null) {
        if (models(message)) {
          return first;
        }
        first = i;
      }
    }
    return first;
  }

  /** Whether it is something a model said, thought or called for. */
  private static boolean models(JsonValue message) {
    if (!message.isObject()) {
      return false;
    }
    String role = text(message.get("role"));
    String type = role == null ? text(message.get("type")) : null;
    return "assistant".equals(role)
        || "model".equals(role)
        || (type != null && (type.endsWith("_call") || type.equals("reasoning")));
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    return value == null ? null : value.string();
  }

  private String said(BitSet wanted) {
    List<String> parts = new ArrayList<>();
    int left = MOST_WORDS;
    for (int i = wanted.length() - 1; i >= 0 && left > 0; i--) {
      JsonValue message = wanted.get(i) && i < messages.size() ? messages.get(i) : null;
      if (message != null) {
        StringBuilder text = new StringBuilder();
        said(message, Transcript::speaks, text, left);
        if (!text.isEmpty()) {
          parts.addFirst(text.toString());
          left -= text.length();
        }
      }
    }
    return String.join("\n", parts);
  }

  /** The beginning of what the user said last, or empty. */
  String preview() {
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonValue message = messages.get(i);
      if (message != null) {
        StringBuilder text = new StringBuilder();
        said(message, "user"::equals, text, MOST_PREVIEW);
        if (!isBlank(text)) {
          return cut(text.toString().strip(), MOST_PREVIEW);
        }
      }
    }
    return "";
  }

  /**
   * A number that requests of one conversation share: what its first words from the user come to. 0
   * when there are none.
   */
  long conversation() {
    for (JsonValue message : messages) {
      if (message != null) {
        StringBuilder text = new StringBuilder();
        said(message, "user"::equals, text, MOST_WORDS);
        if (!isBlank(text)) {
          return hash(text);
        }
      }
    }
    return 0;
  }

  private static boolean isBlank(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static long hash(CharSequence text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      hash ^= hash >>> 29;
    }
    return hash == 0 ? 1 : hash;
  }

  private static void said(
      JsonValue message, Predicate<String> speaker, StringBuilder out, int most) {
    if (message.type() == JsonType.STRING) {
      if (speaker.test("user")) {
        text(message, out, most);
      }
      return;
    }
    if (!message.isObject()) {
      return;
    }
    JsonValue roleValue = message.get("role");
    String role = roleValue == null ? null : roleValue.string();
    if (role == null ? message.get("parts") == null : !speaker.test(role)) {
      return;
    }
    JsonValue content = message.get("content");
    if (content == null) {
      content = message.get("parts");
    }
    if (content == null) {
      return;
    }
    if (content.type() == JsonType.STRING) {
      text(content, out, most);
    } else if (content.type() == JsonType.ARRAY) {
      for (JsonValue part : content.elements()) {
        JsonValue text = part.isObject() ? part.get("text") : null;
        if (text != null && out.length() < most) {
          text(text, out, most);
        }
      }
    }
  }

  private static void text(JsonValue value, StringBuilder out, int most) {
    int left = most - out.length();
    String text = left <= 0 ? null : value.stringPrefix(left);
    if (text != null && !text.isEmpty()) {
      if (!out.isEmpty()) {
        out.append('\n');
      }
      out.append(text);
    }
  }

  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
