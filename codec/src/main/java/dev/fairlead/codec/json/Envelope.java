package dev.fairlead.codec.json;

import dev.fairlead.codec.json.MalformedBody.Reason;
import dev.fairlead.codec.json.ScanRules.Duplicates;
import dev.fairlead.core.model.Bytes;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The top-level members of a JSON object that somebody asked for, with their places in the bytes,
 * found in one forward scan that checks the whole document. It is a security boundary: what it
 * accepts, every JSON parser reads the same way, so that what policy checked is what the provider
 * sees. Hence it decodes escaped keys, refuses duplicates and other spellings of wanted keys, and
 * anything after the root. Bytes above 0x7f inside strings pass unchecked.
 */
public final class Envelope {
  private static final int MAX_REMEMBERED_KEYS = 4096;

  /**
   * A top-level member; all places count from the body's first byte.
   *
   * @param key its name, decoded
   * @param ordinal its place among the members, from 0
   * @param keySpan the key with its quotes
   * @param value the value
   * @param commaBefore where the comma before it stands, or -1 for the first member
   * @param commaAfter where the comma behind it stands, or -1 for the last member
   * @param keyEscaped whether the key was written with escapes
   */
  public record Member(
      String key,
      int ordinal,
      Span keySpan,
      Span value,
      int commaBefore,
      int commaAfter,
      boolean keyEscaped) {}

  private final Bytes body;
  private final Interests interests;
  private final @Nullable Member[] found;
  private final int memberCount;
  private final Span root;
  private final boolean carries;

  private Envelope(
      Bytes body,
      Interests interests,
      @Nullable Member[] found,
      int memberCount,
      Span root,
      boolean carries) {
    this.body = body;
    this.interests = interests;
    this.found = found;
    this.memberCount = memberCount;
    this.root = root;
    this.carries = carries;
  }

  /** Scans a request body by {@link ScanRules#REQUEST}; fails with {@link MalformedBody}. */
  public static Envelope scan(Bytes body, Interests interests) {
    return scan(body, interests, ScanRules.REQUEST);
  }

  /**
   * Scans {@code body}; fails with {@link MalformedBody} when it is not one JSON object as {@code
   * rules} allow.
   */
  public static Envelope scan(Bytes body, Interests interests, ScanRules rules) {
    return new Scan(body, interests, rules).run();
  }

  public Bytes body() {
    return body;
  }

  /** From the opening to behind the closing brace. */
  public Span root() {
    return root;
  }

  /**
   * Whether a value in it may be another vendor's seal that went through us, see {@link
   * dev.fairlead.codec.translate.Carried}; its vendor would refuse it.
   */
  public boolean carriesSeals() {
    return carries;
  }

  /** The whole object as a value. */
  public JsonValue asValue() {
    return new JsonValue(body, root);
  }

  /** How many members the object has. */
  public int memberCount() {
    return memberCount;
  }

  /**
   * The member named {@code key}, or null when the body has none; fails for a key nobody declared
   * as wanted.
   */
  public @Nullable Member find(String key) {
    int index = interests.indexOf(key);
    if (index < 0) {
      throw new IllegalArgumentException("the scan was not asked for " + key);
    }
    return found[index];
  }

  public boolean has(String key) {
    return find(key) != null;
  }

  /** The value of {@code key}, or null when the body has none. */
  public @Nullable JsonValue value(String key) {
    Member member = find(key);
    return member == null ? null : new JsonValue(body, member.value());
  }

  /** The decoded text of {@code key}, or null when it is absent or no string. */
  public @Nullable String string(String key) {
    JsonValue value = value(key);
    return value == null ? null : value.string();
  }

  /** The boolean of {@code key}, or null when it is absent or no boolean. */
  public @Nullable Boolean bool(String key) {
    JsonValue value = value(key);
    return value == null ? null : value.bool();
  }

  /**
   * The whole number of {@code key}, or null when it is absent, no number, fractional or beyond a
   * long.
   */
  public @Nullable Long integer(String key) {
    JsonValue value = value(key);
    return value == null ? null : value.integer();
  }

  /** One run over one body. */
  private static final class Scan {
    private final Bytes body;
    private final byte[] array;
    private final int origin;
    private final Interests interests;
    private final ScanRules rules;
    private final JsonScanner scanner;
    private final @Nullable Member[] found;
    private final @Nullable Set<String> seen;

    Scan(Bytes body, Interests interests, ScanRules rules) {
      this.body = body;
      this.array = body.array();
      this.origin = body.offset();
      this.interests = interests;
      this.rules = rules;
      this.scanner = new JsonScanner(body, rules.maxDepth());
      this.found = new Member[interests.size()];
      this.seen = rules.duplicates() == Duplicates.REFUSE_ANY ? new HashSet<>() : null;
    }

    Envelope run() {
      int end = origin + body.length();
      int open = scanner.skipSpaceToEnd(origin);
      if (open == end) {
        throw new MalformedBody(
            Reason.EMPTY, 0, "The body is empty; a JSON object is expected.", null);
      }
      if (array[open] != '{') {
        throw notAnObject(open, end);
      }
      int count = 0;
      int comma = -1;
      int at = scanner.skipSpace(open + 1);
      if (array[at] != '}') {
        while (true) {
          int keyStart = at;
          int keyEnd = scanner.skipKey(keyStart);
          int valueStart = scanner.skipColon(keyEnd);
          int valueEnd = scanner.skipValue(valueStart, 1);
          at = scanner.skipSpace(valueEnd);
          int next = array[at] == ',' ? at - origin : -1;
          note(keyStart, keyEnd, valueStart, valueEnd, count++, comma, next);
          if (next < 0) {
            if (array[at] != '}') {
              throw scanner.unexpected(at, "a comma or a closing brace");
            }
            break;
          }
          comma = next;
          at = scanner.skipSpace(at + 1);
        }
      }
      int close = at + 1;
      int rest = scanner.skipSpaceToEnd(close);
      if (rest != end) {
        throw new MalformedBody(
            Reason.TRAILING_BYTES,
            rest - origin,
            "Something follows the JSON object at byte " + (rest - origin) + ".",
            null);
      }
      return new Envelope(
          body,
          interests,
          found,
          count,
          new Span(open - origin, close - origin),
          scanner.carries());
    }

    private MalformedBody notAnObject(int at, int end) {
      if (end - at >= 3
          && array[at] == (byte) 0xef
          && array[at + 1] == (byte) 0xbb
          && array[at + 2] == (byte) 0xbf) {
        return new MalformedBody(
            Reason.BYTE_ORDER_MARK,
            at - origin,
            "The body begins with a byte order mark; send UTF-8 without one.",
            null);
      }
      return switch (array[at]) {
        case '[', '"', 't', 'f', 'n', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
            new MalformedBody(
                Reason.NOT_AN_OBJECT,
                at - origin,
                "The body must be a JSON object, but it begins with "
                    + JsonType.of(array[at]).label()
                    + ".",
                null);
        default -> scanner.unexpected(at, "a JSON object");
      };
    }

    private void note(
        int keyStart,
        int keyEnd,
        int valueStart,
        int valueEnd,
        int ordinal,
        int before,
        int after) {
      int from = keyStart + 1;
      int to = keyEnd - 1;
      int index = interests.match(array, from, to);
      boolean escaped = false;
      if (index < 0 && to - from <= interests.longestSpelling()) {
        index = unusual(from, to);
        escaped = index >= 0;
      }
      remember(from, to);
      if (index < 0) {
        return;
      }
      String key = interests.key(index);
      if (found[index] != null && rules.duplicates() != Duplicates.LAST_WINS) {
        throw duplicate(key, keyStart);
      }
      found[index] =
          new Member(
              key,
              ordinal,
              new Span(keyStart - origin, keyEnd - origin),
              new Span(valueStart - origin, valueEnd - origin),
              before,
              after,
              escaped);
    }

    /**
     * The index of the wanted key that these bytes spell in another way, or -1; fails for a
     * look-alike of one.
     */
    private int unusual(int from, int to) {
      boolean lenient = rules.duplicates() == Duplicates.LAST_WINS;
      if (JsonText.isPlain(array, from, to)) {
        if (!lenient) {
          refuseLookAlike(interests.matchFolded(array, from, to), from - 1);
        }
        return -1;
      }
      String key = JsonText.decode(array, from, to);
      int index = interests.indexOf(key);
      if (index < 0 && !lenient) {
        refuseLookAlike(interests.matchFolded(key), from - 1);
      }
      return index;
    }

    /**
     * Some parsers (Go's) take a key in other letter case for the same field, and the last one of
     * both counts.
     *
     * @param alike the index of the wanted key that the one at {@code at} looks like, or -1
     */
    private void refuseLookAlike(int alike, int at) {
      if (alike >= 0) {
        String wanted = interests.key(alike);
        throw new MalformedBody(
            Reason.AMBIGUOUS_KEY,
            at - origin,
            "A key at byte "
                + (at - origin)
                + " differs from \""
                + wanted
                + "\" only in letter case; some providers read both as the same field. Write \""
                + wanted
                + "\".",
            wanted);
      }
    }

    private void remember(int from, int to) {
      if (seen == null) {
        return;
      }
      int at = from - 1;
      String key = JsonText.decode(array, from, to);
      if (!seen.add(key)) {
        throw duplicate(interests.indexOf(key) < 0 ? null : key, at);
      }
      if (seen.size() > MAX_REMEMBERED_KEYS) {
        throw new MalformedBody(
            Reason.TOO_MANY_KEYS,
            at - origin,
            "The JSON object has more than " + MAX_REMEMBERED_KEYS + " keys.",
            null);
      }
    }

    private MalformedBody duplicate(@Nullable String key, int at) {
      return new MalformedBody(
          Reason.DUPLICATE_KEY,
          at - origin,
          (key == null ? "A key" : "The key \"" + key + "\"")
              + " occurs a second time at byte "
              + (at - origin)
              + "; each may be given once.",
          key);
    }
  }
}
