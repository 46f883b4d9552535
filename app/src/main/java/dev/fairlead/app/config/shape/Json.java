package dev.fairlead.app.config.shape;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value that knows where in its file it stands; lines and columns count from 1. */
public sealed interface Json {
  int line();

  int column();

  /** What it is, with its article, for messages. */
  String kind();

  /**
   * An object.
   *
   * @param members in the order written, of repeated names the last; the map given is not copied,
   *     since there may be very many, and must not change any more
   */
  record Obj(Map<String, Json> members, int line, int column) implements Json {
    public Obj {
      members = Collections.unmodifiableMap(members);
    }

    /** The member called {@code name}; null when it is absent or JSON null. */
    public @Nullable Json get(String name) {
      Json member = members.get(name);
      return member instanceof Null ? null : member;
    }

    @Override
    public String kind() {
      return "an object";
    }
  }

  /** A list. */
  record Arr(List<Json> items, int line, int column) implements Json {
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A string. */
  record Text(String value, int line, int column) implements Json {
    @Override
    public String kind() {
      return "a string";
    }

    /** Kind and place only: the value may be a credential. */
    @Override
    public String toString() {
      return "Text[line " + line + "]";
    }
  }

  /** A number, as exact as written. */
  record Num(BigDecimal value, int line, int column) implements Json {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** A truth value. */
  record Bool(boolean value, int line, int column) implements Json {
    @Override
    public String kind() {
      return value ? "true" : "false";
    }
  }

  /** JSON null, which everywhere means the same as leaving the field out. */
  record Null(int line, int column) implements Json {
    @Override
    public String kind() {
      return "null";
    }
  }
}
