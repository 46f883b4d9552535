package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Shape.anything;
import static dev.fairlead.app.config.shape.Shape.decimal;
import static dev.fairlead.app.config.shape.Shape.either;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.oneOf;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.texts;
import static dev.fairlead.app.config.shape.Shape.whole;

import dev.fairlead.app.config.shape.Field;
import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/** The fields of budgets and rate limits. */
final class LimitFields {
  /** Most USD of one budget; more does not fit a count of nano-USD. */
  static final long MOST_USD = 9_000_000_000L;

  /** A budget inside its owner. */
  static final Shape.Struct BUDGET = struct(budget());

  /** A rate limit inside its owner. */
  static final Shape.Struct RATE_LIMIT = struct(rateLimit());

  /** A budget that stands by itself and says whose it is. */
  static final Shape.Struct FOREIGN_BUDGET = struct(with(budget(), owners()));

  /** A rate limit that stands by itself. */
  static final Shape.Struct FOREIGN_RATE_LIMIT = struct(with(rateLimit(), owners()));

  private LimitFields() {}

  /** What every owner of budgets and rate limits may hold. */
  static List<Field> ofOwner() {
    return List.of(
        honoured("budgets", list(BUDGET), "Money per window; all of them hold at once."),
        honoured("budget", BUDGET, "The same, for a single one."),
        honoured("budget_id", text(Format.NOT_BLANK), "Id of one of governance.budgets."),
        honoured("budget_ids", list(text(Format.NOT_BLANK)), "Ids of several."),
        honoured("rate_limit", RATE_LIMIT, "Requests, tokens, and requests at once."),
        honoured("rate_limits", list(RATE_LIMIT), "Several; all of them hold at once."),
        honoured("rate_limit_id", text(Format.NOT_BLANK), "Id of one of governance.rate_limits."),
        honoured(
            "calendar_aligned",
            flag(),
            "Whether windows begin with the calendar's day, week, month; for all of this owner's"
                + " budgets and limits that do not say it themselves."),
        honoured("timezone", text(Format.ZONE), "Zone of those windows.").orElse("UTC"));
  }

  /** Dates and marks other gateways and the management API give, which nobody sets. */
  static List<Field> told() {
    return List.of(
        inert("created_at", text()), inert("updated_at", text()), inert("config_hash", text()));
  }

  @SafeVarargs
  static Field[] with(Field[] fields, List<Field>... more) {
    List<Field> all = new ArrayList<>(List.of(fields));
    for (List<Field> some : more) {
      all.addAll(some);
    }
    return all.toArray(Field[]::new);
  }

  private static Shape money() {
    return decimal(0, MOST_USD);
  }

  private static Field[] budget() {
    return with(
        new Field[] {
          honoured(
              "id",
              text(Format.NOT_BLANK),
              "Stable id; derived from owner and period when absent."),
          honoured("name", text(), "For people."),
          honoured("max_limit", money(), "Most per window, USD."),
          honoured("max_budget", money(), "Older name of max_limit."),
          honoured("reset_duration", text(Format.PERIOD), "How long a window lasts."),
          honoured("budget_duration", text(Format.PERIOD), "Older name of reset_duration."),
          honoured(
              "reset_config",
              struct(
                  honoured(
                          "quarter_start_month", whole(1, 12), "A month in which a quarter begins.")
                      .orElse(1)),
              "Details of calendar-aligned windows."),
          honoured("strict", flag(), "Whether the most a request can cost is reserved for it.")
              .orElse(false),
          honoured(
                  "when_unavailable",
                  oneOf("open", "closed"),
                  "What holds while shared counters cannot be reached: serve, or refuse.")
              .orElse("open"),
          honoured(
              "override",
              struct(
                  honoured("amount", money(), "USD added to each window.").must(),
                  honoured("mode", oneOf("cycles", "forever"), "For how long.").orElse("cycles"),
                  honoured("cycles", whole(1, 1000), "Number of windows.").orElse(1),
                  honoured("started_at", text(Format.INSTANT), "Moment the first cycle lies in.")),
              "More money for a while."),
          inert("current_usage", either(decimal(0, Long.MAX_VALUE), text())),
          inert("last_reset", either(text(), whole(0, Long.MAX_VALUE)))
        },
        common(),
        told());
  }

  private static Field[] rateLimit() {
    return with(
        new Field[] {
          honoured("id", text(Format.NOT_BLANK), "Stable id; derived from the owner when absent."),
          honoured("name", text(), "For people."),
          honoured(
              "token_max_limit",
              whole(0, Long.MAX_VALUE),
              "Most tokens per window, input and output together."),
          honoured("token_reset_duration", text(Format.PERIOD), "How long that window lasts."),
          honoured("request_max_limit", whole(0, Long.MAX_VALUE), "Most requests per window."),
          honoured("request_reset_duration", text(Format.PERIOD), "How long that window lasts."),
          honoured(
              "concurrent_max_limit",
              whole(0, Integer.MAX_VALUE),
              "Most requests at the same time."),
          inert("token_current_usage", anything()),
          inert("token_last_reset", anything()),
          inert("request_current_usage", anything()),
          inert("request_last_reset", anything())
        },
        common(),
        told());
  }

  private static List<Field> common() {
    return List.of(
        honoured("calendar_aligned", flag(), "Whether windows begin with the calendar's own."),
        honoured("timezone", text(Format.ZONE), "Zone of those windows."),
        honoured("mode", oneOf("enforce", "observe"), "Whether it acts or only reports.")
            .orElse("enforce"),
        honoured(
            "applies_to",
            struct(
                honoured("providers", texts(), "Names of providers; all when absent."),
                honoured("models", texts(), "Models, as model or provider/model; all when absent."),
                honoured("clients", texts(), "cursor, claude-code, codex, …; all when absent."),
                honoured("per_session", flag(), "Whether every session has a counter of its own.")
                    .orElse(false)),
            "Which of the owner's requests count."));
  }

  private static List<Field> owners() {
    return List.of(
        honoured("virtual_key_id", text(Format.NOT_BLANK), "Id of the virtual key it belongs to."),
        honoured(
            "provider_config_id",
            either(text(Format.NOT_BLANK), whole(0, Long.MAX_VALUE)),
            "Id of the provider_configs entry it belongs to."),
        honoured("model_config_id", text(Format.NOT_BLANK), "Id of the model_configs entry."),
        honoured("customer_id", text(Format.NOT_BLANK), "Id of the customer."),
        honoured("team_id", text(Format.NOT_BLANK), "Id of the team."),
        honoured("user_id", text(Format.NOT_BLANK), "Id of the user."));
  }
}
