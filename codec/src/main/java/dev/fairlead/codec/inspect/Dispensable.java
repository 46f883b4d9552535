package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.Splice;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.routing.Reject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request can go without and still ask for the same: hints, tuning, bookkeeping. Whatever is
 * not listed here stays, and a provider's refusal of it is the client's to hear: the model, the
 * conversation, tools and the choice among them, limits, stop sequences, the form of the output,
 * what is to be read in the reply, and thinking that the client asked for by name or gave a budget.
 */
public final class Dispensable {
  /** Fields any value of which may be left out. */
  public static final Set<String> ALWAYS =
      Set.of(
          // how it is sampled and how hard the model tries
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "typical_p",
          "repetition_penalty",
          "frequency_penalty",
          "presence_penalty",
          "seed",
          "reasoning_effort",
          "include_reasoning",
          "verbosity",
          "speed",
          "prediction",
          // what is kept, counted and cached on the way
          "store",
          "metadata",
          "client_metadata",
          "user",
          "safety_identifier",
          "service_tier",
          "prompt_cache_key",
          "prompt_cache_retention",
          "cache_control",
          "context_management",
          "diagnostics",
          "safeguards",
          "stream_options",
          "usage");

  /** Fields that may be left out with some values; see {@link #mayGo}. */
  private static final Set<String> SOMETIMES =
      Set.of("thinking", "reasoning", "output_config", "text", "parallel_tool_calls", "include");

  private static final Set<String> LIMITS = Set.of("max_tokens", "max_completion_tokens");

  private static final Interests INTERESTS = interests();

  /** Larger bodies go as they are. */
  static final int MOST_BYTES = 8 * 1024 * 1024;

  private Dispensable() {}

  private static Interests interests() {
    Set<String> all = new LinkedHashSet<>(ALWAYS);
    all.addAll(SOMETIMES);
    all.addAll(LIMITS);
    return Interests.of(all.toArray(String[]::new));
  }

  /**
   * A body without what it was told to do without.
   *
   * @param segments the body in order, sharing the bytes it was made from
   * @param applied those of the rejects that made a difference
   * @param dropped names of what was left out
   */
  public record Spared(List<Bytes> segments, Set<Reject> applied, List<String> dropped) {
    public Spared {
      segments = List.copyOf(segments);
      applied = Set.copyOf(applied);
      dropped = List.copyOf(dropped);
    }
  }

  /**
   * Leaves out of {@code body} what {@code rejects} name and it can do without. A body that cannot
   * be read without doubt (a field given twice), or one above 8 MiB, stays as it is.
   */
  public static Spared without(List<Bytes> body, Dialect dialect, Collection<Reject> rejects) {
    if (Bytes.lengthOf(body) > MOST_BYTES) {
      return new Spared(body, Set.of(), List.of());
    }
    Envelope scanned;
    try {
      scanned = Envelope.scan(body.size() == 1 ? body.getFirst() : Bytes.concat(body), INTERESTS);
    } catch (MalformedBody doubtful) {
      return new Spared(body, Set.of(), List.of());
    }
    Splice splice = new Splice(scanned);
    Set<Reject> applied = new LinkedHashSet<>();
    List<String> dropped = new ArrayList<>();
    for (Reject reject : rejects) {
      if (applies(reject, scanned, dialect)) {
        applied.add(reject);
        switch (reject) {
          case Reject.Field(String name) -> {
            splice.remove(member(scanned, name));
            dropped.add(name);
          }
          case Reject.Renamed(String name, String instead) -> {
            Envelope.Member member = member(scanned, name);
            if (scanned.has(instead)) {
              splice.remove(member);
            } else {
              splice.replace(member.keySpan(), JsonText.quote(instead));
            }
          }
          case Reject.Beta _ -> throw new IllegalStateException("no part of a body");
        }
      }
    }
    return new Spared(applied.isEmpty() ? body : splice.segments(), applied, dropped);
  }

  private static Envelope.Member member(Envelope body, String name) {
    Envelope.Member member = body.find(name);
    if (member == null) {
      throw new IllegalStateException("the body has no " + name);
    }
    return member;
  }

  private static boolean applies(Reject reject, Envelope body, Dialect dialect) {
    return switch (reject) {
      case Reject.Field(String name) -> {
        JsonValue value =
            ALWAYS.contains(name) || SOMETIMES.contains(name) ? body.value(name) : null;
        yield value != null && mayGo(name, value);
      }
      case Reject.Renamed(String name, String instead) ->
          dialect == Dialect.OPENAI_CHAT
              && LIMITS.contains(name)
              && LIMITS.contains(instead)
              && body.has(name);
      case Reject.Beta _ -> false;
    };
  }

  /** Whether a request means the same without {@code field} when it has that value. */
  static boolean mayGo(String field, JsonValue value) {
    if (value.isNull() || ALWAYS.contains(field)) {
      return true;
    }
    return switch (field) {
      // A budget, or thinking asked for by name, is the client's will; "adaptive" leaves it open.
      case "thinking" -> is(value.get("type"), "adaptive") || is(value.get("type"), "disabled");
      case "reasoning" -> value.get("max_tokens") == null;
      // Effort is a hint, a schema or a task's budget is not.
      case "output_config" -> hasOnly(value, "effort");
      case "text" -> hasOnly(value, "verbosity") || isPlainText(value);
      // One call at a time is a condition, several are an offer.
      case "parallel_tool_calls" -> Boolean.TRUE.equals(value.bool());
      // Sealed reasoning is for the next turn; anything else is asked for to be read.
      case "include" -> holdsOnly(value, "reasoning.encrypted_content");
      default -> false;
    };
  }

  private static boolean holdsOnly(JsonValue array, String text) {
    for (JsonValue element : array.elements()) {
      if (!element.is(text)) {
        return false;
      }
    }
    return array.type() == JsonType.ARRAY;
  }

  private static boolean is(@Nullable JsonValue value, String text) {
    return value != null && value.is(text);
  }

  private static boolean hasOnly(JsonValue object, String member) {
    if (object.type() != JsonType.OBJECT) {
      return false;
    }
    for (JsonValue.Field field : object.members()) {
      if (!field.named(member)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlainText(JsonValue text) {
    if (text.type() != JsonType.OBJECT) {
      return false;
    }
    for (JsonValue.Field field : text.members()) {
      if (field.named("format")
          ? !is(field.value().get("type"), "text")
          : !field.named("verbosity")) {
        return false;
      }
    }
    return true;
  }
}
