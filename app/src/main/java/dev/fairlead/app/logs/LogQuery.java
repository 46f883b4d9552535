package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Query;
import dev.fairlead.app.admin.Sight;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.LogFilter;
import dev.fairlead.store.log.LogFilter.Figure;
import dev.fairlead.store.log.LogFilter.Range;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameters that say which requests are asked for, as compatible gateways name them. */
final class LogQuery {
  private static final Duration USUAL = Duration.ofDays(30);
  private static final int MOST_VALUES = 100;
  private static final String TAG = "metadata_";

  /** Parameters that hold values of facets, separated by commas. */
  static final Map<String, Facet> FACETS = facets();

  private static final List<String> OTHERS =
      List.of(
          "period",
          "start_time",
          "end_time",
          "session_id",
          "request_id",
          "min_latency",
          "max_latency",
          "min_tokens",
          "max_tokens",
          "min_cost",
          "max_cost",
          "missing_cost_only",
          "http_status",
          "content_search",
          TAG + "*");

  private LogQuery() {}

  private static Map<String, Facet> facets() {
    Map<String, Facet> facets = new LinkedHashMap<>();
    facets.put("providers", Facet.PROVIDER);
    facets.put("models", Facet.MODEL);
    facets.put("aliases", Facet.ALIAS);
    facets.put("status", Facet.OUTCOME);
    facets.put("objects", Facet.OPERATION);
    facets.put("selected_key_ids", Facet.PROVIDER_KEY);
    facets.put("virtual_key_ids", Facet.KEY);
    facets.put("routing_rule_ids", Facet.RULE);
    facets.put("team_ids", Facet.TEAM);
    facets.put("customer_ids", Facet.CUSTOMER);
    facets.put("user_ids", Facet.USER);
    facets.put("stop_reasons", Facet.FINISH);
    facets.put("cache_hit_types", Facet.CACHE);
    facets.put("clients", Facet.CLIENT);
    facets.put("features", Facet.FEATURE);
    facets.put("repositories", Facet.REPOSITORY);
    facets.put("branches", Facet.BRANCH);
    facets.put("failures", Facet.FAILURE);
    return Map.copyOf(facets);
  }

  /** Names of the parameters, and {@code more}. */
  static String[] parameters(String... more) {
    return Stream.of(FACETS.keySet().stream(), OTHERS.stream(), Stream.of(more))
        .flatMap(names -> names)
        .toArray(String[]::new);
  }

  /** The facet named {@code name} in {@code by=}. */
  static @Nullable Facet facet(String name) {
    for (Facet facet : Facet.values()) {
      if (facet.label().equals(name)) {
        return facet;
      }
    }
    return null;
  }

  /** What {@code call} asks for, and no more than its actor may see. */
  static LogFilter of(ApiCall call, long now) throws ApiProblem {
    Query query = call.query();
    Instant start = query.instant("start_time");
    Instant end = query.instant("end_time");
    long to = end == null ? now + 60_000 : end.toEpochMilli();
    long from = start == null ? to - period(query).toMillis() : start.toEpochMilli();
    if (from >= to) {
      throw ApiProblem.invalid("start_time", "start_time lies before end_time.");
    }
    Map<Facet, Set<String>> facets = new EnumMap<>(Facet.class);
    for (Map.Entry<String, Facet> one : FACETS.entrySet()) {
      List<String> values = query.list(one.getKey());
      if (values.size() > MOST_VALUES) {
        throw ApiProblem.invalid(
            one.getKey(), one.getKey() + " takes at most " + MOST_VALUES + " values.");
      }
      if (!values.isEmpty()) {
        facets.put(
            one.getValue(),
            one.getValue() == Facet.OUTCOME ? outcomes(values) : new HashSet<>(values));
      }
    }
    List<String> tags = new ArrayList<>();
    query
        .all()
        .forEach((name, value) -> {
          if (name.startsWith(TAG) && name.length() > TAG.length()) {
            tags.add(name.substring(TAG.length()) + "=" + value);
          }
        });
    String words = query.text("content_search");
    if (words != null && !words.isBlank() && !call.actor().may(Permission.PROMPTS_READ)) {
      throw ApiProblem.forbidden("content_search takes the permission prompts.read.");
    }
    String id = query.text("request_id");
    LogFilter filter =
        new LogFilter(
            from,
            to,
            facets,
            tags,
            ranges(query),
            query.text("session_id"),
            0,
            id == null || id.isBlank() ? null : id(id),
            query.flag("missing_cost_only", false),
            words == null || words.isBlank() ? null : words);
    return seenBy(call, filter);
  }

  /**
   * As {@link #of}, for sums.
   *
   * @throws ApiProblem also where words are searched for: sums know nothing of what was said
   */
  static LogFilter ofSums(ApiCall call, long now) throws ApiProblem {
    LogFilter filter = of(call, now);
    if (filter.words() != null) {
      throw ApiProblem.invalid(
          "content_search",
          "content_search works with GET /api/logs and its export; sums cannot be had over it.");
    }
    return filter;
  }

  /**
   * Their words are {@code success} and {@code error}, which is all else, as {@code status} of a
   * row; ours say more.
   */
  private static Set<String> outcomes(List<String> values) {
    Set<String> outcomes = new HashSet<>();
    for (String value : values) {
      switch (value) {
        case "success" -> outcomes.add("completed");
        case "error" ->
            outcomes.addAll(List.of("failed", "refused", "cut", "cancelled", "stopped"));
        default -> outcomes.add(value);
      }
    }
    return outcomes;
  }

  /** No more than the actor may see. */
  static LogFilter seenBy(ApiCall call, LogFilter filter) {
    return switch (call.actor().sight()) {
      case Sight.Everything() -> filter;
      case Sight.Team(String id) -> filter.with(Facet.TEAM, Set.of(id));
      case Sight.User(String id) -> filter.with(Facet.USER, Set.of(id));
      case Sight.Nothing() -> filter.with(Facet.USER, Set.of());
    };
  }

  static UUID id(String text) throws ApiProblem {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException notAnId) {
      throw ApiProblem.invalid("id", "This is not the id of a request: it is a UUID.");
    }
  }

  private static Duration period(Query query) throws ApiProblem {
    String period = query.text("period");
    if (period == null || period.isBlank()) {
      return USUAL;
    }
    if (period.matches("[1-9][0-9]{0,4}[mhd]")) {
      long count = Long.parseLong(period.substring(0, period.length() - 1));
      return switch (period.charAt(period.length() - 1)) {
        case 'm' -> Duration.ofMinutes(count);
        case 'h' -> Duration.ofHours(count);
        default -> Duration.ofDays(Math.min(count, 4000));
      };
    }
    throw ApiProblem.invalid("period", "period is written like 30m, 24h or 7d.");
  }

  private static List<Range> ranges(Query query) throws ApiProblem {
    List<Range> ranges = new ArrayList<>();
    range(query, "latency", Figure.LATENCY_MICROS, new BigDecimal(1000), ranges);
    range(query, "tokens", Figure.TOKENS, BigDecimal.ONE, ranges);
    range(query, "cost", Figure.COST_NANO_USD, new BigDecimal(1_000_000_000), ranges);
    long status = query.number("http_status", -1, 0, 999);
    if (status >= 0) {
      ranges.add(new Range(Figure.STATUS, status, status));
    }
    return ranges;
  }

  private static void range(
      Query query, String name, Figure figure, BigDecimal unit, List<Range> ranges)
      throws ApiProblem {
    Long least = bound(query, "min_" + name, unit, RoundingMode.CEILING);
    Long most = bound(query, "max_" + name, unit, RoundingMode.FLOOR);
    if (least != null || most != null) {
      ranges.add(
          new Range(figure, least == null ? 0 : least, most == null ? Long.MAX_VALUE : most));
    }
  }

  private static @Nullable Long bound(
      Query query, String name, BigDecimal unit, RoundingMode rounding) throws ApiProblem {
    String text = query.text(name);
    if (text == null || text.isBlank()) {
      return null;
    }
    if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,12})?")) {
      throw ApiProblem.invalid(name, name + " is a number such as 12 or 0.5.");
    }
    return new BigDecimal(text)
        .multiply(unit)
        .setScale(0, rounding)
        .min(new BigDecimal(Long.MAX_VALUE))
        .longValue();
  }
}
