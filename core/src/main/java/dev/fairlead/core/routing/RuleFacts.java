package dev.fairlead.core.routing;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.governance.Attribution.Named;
import dev.fairlead.core.model.HeaderNames;
import dev.fairlead.core.port.UsageView;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a rule is told of one request that would go to one model now. Confined to one thread. */
final class RuleFacts implements Condition.Facts {
  private static final int MOST_PARAMS = 64;

  /** No rule needs them, and what a rule sees may be logged. */
  private static final HeaderNames CREDENTIALS =
      HeaderNames.of(
          "authorization",
          "proxy-authorization",
          "cookie",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "x-bf-vk");

  private final Question question;
  private final Snapshot snapshot;
  private final RequestView view;
  private final String provider;
  private final String model;
  private final ZoneId zone;
  private final UsageView usage;
  private final Map<Variable, Object> worked = new EnumMap<>(Variable.class);

  RuleFacts(
      Question question,
      Snapshot snapshot,
      String provider,
      String model,
      ZoneId zone,
      UsageView usage) {
    this.snapshot = snapshot;
    this.usage = usage;
    this.question = question;
    this.view = question.view();
    this.provider = provider;
    this.model = model;
    this.zone = zone;
  }

  @Override
  public @Nullable Object value(Variable variable) {
    Object known = worked.get(variable);
    if (known == null) {
      known = work(variable);
      if (known != null) {
        worked.put(variable, known);
      }
    }
    return known;
  }

  private @Nullable Object work(Variable variable) {
    Attribution who = view.attribution();
    return switch (variable) {
      case MODEL -> model;
      case PROVIDER -> provider;
      case REQUESTED_MODEL -> question.model();
      case REQUEST_TYPE -> question.operation().label();
      case HEADERS -> headers();
      case PARAMS -> params();
      case DIMS -> who.tags();
      case VIRTUAL_KEY_ID -> id(who.key());
      case VIRTUAL_KEY_NAME -> name(who.key());
      case USER_ID -> id(who.user());
      case USER_NAME -> name(who.user());
      case TEAM_ID -> id(who.team());
      case TEAM_NAME -> name(who.team());
      case CUSTOMER_ID -> id(who.customer());
      case CUSTOMER_NAME -> name(who.customer());
      case BUDGET_USED -> used(UsageView.What.MONEY);
      case TOKENS_USED -> used(UsageView.What.TOKENS);
      case REQUEST -> used(UsageView.What.REQUESTS);
      case CLIENT -> view.client();
      case CLIENT_FEATURE -> view.feature();
      case REPOSITORY -> view.revealed().repository();
      case CWD -> view.revealed().cwd();
      case BRANCH -> view.revealed().branch();
      case PATHS -> view.revealed().paths().isEmpty() ? null : view.revealed().paths();
      case INPUT_TOKENS -> {
        long counted = question.prompt().likelyTokens();
        yield counted > 0 ? counted : view.bodyBytes() / 4;
      }
      case HAS_TOOLS -> view.hasTools();
      case HAS_IMAGES -> view.revealed().images();
      case STREAM -> view.stream();
      case SESSION -> question.session() == null ? "" : question.session();
      case HOUR -> (long) now().atZone(zone).getHour();
      case NOW -> now();
    };
  }

  private Instant now() {
    return Instant.ofEpochMilli(view.atMillis());
  }

  private static String id(@Nullable Named named) {
    return named == null ? "" : named.id();
  }

  private static String name(@Nullable Named named) {
    return named == null ? "" : named.name();
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    view.headers()
        .forEach((name, value) -> {
          if (!CREDENTIALS.contains(name)) {
            headers.putIfAbsent(name, value);
          }
        });
    return headers;
  }

  private Map<String, String> params() {
    Map<String, String> params = new HashMap<>();
    for (String pair : view.query().split("&", MOST_PARAMS)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        params.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    params.remove("key");
    return params;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  private double used(UsageView.What what) {
    return usage.percentUsed(
        what,
        new UsageView.Going(question.principal(), snapshot, view.client(), provider, model),
        view.atMillis());
  }
}
