package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.RateLimit.PerWindow;
import dev.fairlead.core.governance.Schedule;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.ledger.Windows;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads budgets and rate limits, wherever they stand. */
final class LimitReader {
  private static final int NANO_DIGITS = 9;
  private static final Map<Character, Period.Unit> UNITS = units();

  private final Scene scene;

  LimitReader(Scene scene) {
    this.scene = scene;
  }

  /**
   * Whose budgets and limits are being read.
   *
   * @param seed what the ids of those without one are derived from
   * @param applies what counts beyond what they say themselves
   * @param around what the owner stands in, whose calendar and time zone hold where neither they
   *     nor the owner say any; or null
   */
  record Holder(Owner owner, String seed, Applies applies, Site site, Json.@Nullable Obj around) {
    Holder(Owner owner, String seed, Applies applies, Site site) {
      this(owner, seed, applies, site, null);
    }

    /** Where {@code item}, which holds them, says how their windows lie. */
    private Json.Obj windows(Json.Obj item) {
      if (around == null) {
        return item;
      }
      Map<String, Json> said = new HashMap<>();
      for (String field : List.of("calendar_aligned", "timezone", "created_at")) {
        Json value = item.get(field) == null ? around.get(field) : item.get(field);
        if (value != null) {
          said.put(field, value);
        }
      }
      return new Json.Obj(said, item.line(), item.column());
    }
  }

  /** Adds the budgets and limits inside {@code item}, and its references to others. */
  void read(Json.Obj item, String path, Holder holder, List<Part> parts) {
    Json.Obj windows = holder.windows(item);
    List<Json.Obj> budgets = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    gather(item, path, "budget", "budgets", budgets, paths);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < budgets.size(); i++) {
      Budget budget =
          budget(
              budgets.get(i),
              paths.get(i),
              windows,
              holder.owner(),
              holder.applies(),
              holder.seed(),
              ids);
      if (budget != null) {
        parts.add(new Part.OfBudget(budget, holder.site()));
      }
    }
    List<Json.Obj> limits = new ArrayList<>();
    paths.clear();
    gather(item, path, "rate_limit", "rate_limits", limits, paths);
    for (int i = 0; i < limits.size(); i++) {
      RateLimit limit =
          limit(
              limits.get(i),
              paths.get(i),
              windows,
              holder.owner(),
              holder.applies(),
              holder.seed(),
              ids);
      if (limit != null) {
        parts.add(new Part.OfLimit(limit, holder.site()));
      }
    }
    List<String> claimed = new ArrayList<>(Tree.texts(item, "budget_ids"));
    String one = Tree.text(item, "budget_id");
    if (one != null) {
      claimed.add(one);
    }
    for (String id : claimed) {
      parts.add(new Part.BudgetClaim(id, holder.owner(), holder.applies(), holder.site()));
    }
    String limit = Tree.text(item, "rate_limit_id");
    if (limit != null) {
      parts.add(new Part.LimitClaim(limit, holder.owner(), holder.applies(), holder.site()));
    }
  }

  private static void gather(
      Json.Obj item,
      String path,
      String one,
      String many,
      List<Json.Obj> found,
      List<String> paths) {
    if (item.get(one) instanceof Json.Obj single && !single.members().isEmpty()) {
      found.add(single);
      paths.add(Scene.below(path, one));
    }
    List<Json> items = Tree.items(item, many);
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Json.Obj next) {
        found.add(next);
        paths.add(Scene.item(path, many, i));
      }
    }
  }

  /** A budget of the list of those that stand by themselves. */
  @Nullable Part looseBudget(Json.Obj item, String path) {
    Set<String> ids = new HashSet<>();
    Budget budget = budget(item, path, item, new Owner.Everybody(), Applies.TO_ALL, "loose", ids);
    if (budget == null) {
      return null;
    }
    return new Part.LooseBudget(
        budget, foreign(item, path), scene.site("budget", budget.id(), path, item));
  }

  /** A rate limit of the list of those that stand by themselves. */
  @Nullable Part looseLimit(Json.Obj item, String path) {
    Set<String> ids = new HashSet<>();
    RateLimit limit = limit(item, path, item, new Owner.Everybody(), Applies.TO_ALL, "loose", ids);
    if (limit == null) {
      return null;
    }
    return new Part.LooseLimit(
        limit, foreign(item, path), scene.site("rate_limit", limit.id(), path, item));
  }

  private Part.@Nullable Foreign foreign(Json.Obj item, String path) {
    Part.Foreign found = null;
    for (String field :
        List.of(
            "virtual_key_id",
            "provider_config_id",
            "model_config_id",
            "customer_id",
            "team_id",
            "user_id")) {
      String id = idText(item, field);
      if (id != null && found != null) {
        scene
            .findings()
            .problem(
                item,
                Scene.below(path, field),
                "gives it a second owner beside " + found.field() + "; keep one of them");
      } else if (id != null) {
        found = new Part.Foreign(field, id);
      }
    }
    return found;
  }

  /** An id that other gateways also write as a number. */
  static @Nullable String idText(Json.Obj item, String field) {
    Long number = Tree.whole(item, field);
    return number == null ? Tree.text(item, field) : Long.toString(number);
  }

  private @Nullable Budget budget(
      Json.Obj item,
      String path,
      Json.Obj owner,
      Owner of,
      Applies base,
      String seed,
      Set<String> ids) {
    Long limit = money(item, path, "max_limit", "max_budget");
    Schedule schedule = schedule(item, path, owner, "reset_duration", "budget_duration");
    if (limit == null && !Tree.has(item, "max_limit") && !Tree.has(item, "max_budget")) {
      missing(item, path, "max_limit", "write the most that may be spent per window, in USD");
    }
    if (schedule == null
        && !Tree.has(item, "reset_duration")
        && !Tree.has(item, "budget_duration")) {
      missing(item, path, "reset_duration", "write how long a window lasts, like 1d or 1M");
    }
    if (limit == null || schedule == null) {
      return null;
    }
    Applies applies = applies(item, path, base);
    return new Budget(
        id(item, "b", seed, schedule.period() + told(applies), ids),
        text(item, "name"),
        of,
        applies,
        limit,
        schedule,
        Tree.flag(item, "strict", false) ? Strictness.STRICT : Strictness.NORMAL,
        mode(item),
        topUp(item, path, schedule),
        "closed".equals(Tree.text(item, "when_unavailable"))
            ? Budget.WhenUnavailable.CLOSED
            : Budget.WhenUnavailable.OPEN,
        scene.origin(path));
  }

  private @Nullable RateLimit limit(
      Json.Obj item,
      String path,
      Json.Obj owner,
      Owner of,
      Applies base,
      String seed,
      Set<String> ids) {
    PerWindow tokens = perWindow(item, path, owner, "token");
    PerWindow requests = perWindow(item, path, owner, "request");
    Long concurrent = Tree.whole(item, "concurrent_max_limit");
    if (tokens == null && requests == null && concurrent == null) {
      boolean half = Tree.has(item, "token_max_limit") || Tree.has(item, "request_max_limit");
      if (!half) {
        scene
            .findings()
            .problem(
                item,
                path,
                "limits nothing; give it token_max_limit, request_max_limit or"
                    + " concurrent_max_limit");
      }
      return null;
    }
    Applies applies = applies(item, path, base);
    return new RateLimit(
        id(item, "rl", seed, told(applies), ids),
        text(item, "name"),
        of,
        applies,
        requests,
        tokens,
        concurrent == null ? null : (int) Math.min(concurrent, Integer.MAX_VALUE),
        mode(item),
        scene.origin(path));
  }

  private @Nullable PerWindow perWindow(Json.Obj item, String path, Json.Obj owner, String what) {
    Long limit = Tree.whole(item, what + "_max_limit");
    String duration = what + "_reset_duration";
    if (limit == null) {
      return null;
    }
    if (!Tree.has(item, duration)) {
      missing(item, path, duration, "write how long a window lasts, like 1m or 1h");
      return null;
    }
    Schedule schedule = schedule(item, path, owner, duration, duration);
    return schedule == null ? null : new PerWindow(limit, schedule);
  }

  private void missing(Json.Obj item, String path, String field, String todo) {
    scene.findings().problem(item, Scene.below(path, field), "is missing; " + todo);
  }

  private @Nullable Long money(Json.Obj item, String path, String name, String older) {
    if (Tree.has(item, name) && Tree.has(item, older)) {
      scene
          .findings()
          .problem(
              item, Scene.below(path, older), "says the same as " + name + "; keep one of them");
    }
    String field = Tree.has(item, name) ? name : older;
    BigDecimal usd = Tree.exact(item, field);
    return usd == null ? null : nano(usd, item, Scene.below(path, field));
  }

  /** USD in nano-USD; 0, with a problem, for what cannot be held exactly. */
  private long nano(BigDecimal usd, Json at, String path) {
    if (usd.signum() < 0 || usd.compareTo(BigDecimal.valueOf(LimitFields.MOST_USD)) > 0) {
      // Told with the shape.
      return 0;
    }
    BigDecimal plain = usd.stripTrailingZeros();
    if (plain.scale() > NANO_DIGITS) {
      scene
          .findings()
          .problem(
              at,
              path,
              "has more than "
                  + NANO_DIGITS
                  + " digits after the point; money is counted in billionths of a dollar");
      return 0;
    }
    return plain.movePointRight(NANO_DIGITS).longValueExact();
  }

  private @Nullable Schedule schedule(
      Json.Obj item, String path, Json.Obj owner, String name, String older) {
    if (!name.equals(older) && Tree.has(item, name) && Tree.has(item, older)) {
      scene
          .findings()
          .problem(
              item, Scene.below(path, older), "says the same as " + name + "; keep one of them");
    }
    String written = Tree.text(item, Tree.has(item, name) ? name : older);
    if (written == null || Format.PERIOD.complaint(written) != null) {
      return null;
    }
    String text = Format.period(written);
    int end = text.length() - 1;
    Period.Unit unit = UNITS.get(text.charAt(end));
    if (unit == null) {
      return null;
    }
    Period period = new Period(Integer.parseInt(text.substring(0, end)), unit);
    boolean byWord = Format.isWord(written);
    boolean aligned =
        Tree.flag(item, "calendar_aligned", Tree.flag(owner, "calendar_aligned", byWord));
    String zone = Tree.text(item, "timezone");
    if (zone == null) {
      zone = Tree.text(owner, "timezone");
    }
    Long month = Tree.whole(Tree.object(item, "reset_config"), "quarter_start_month");
    return new Schedule(
        period,
        aligned,
        zone == null || Format.ZONE.complaint(zone) != null ? ZoneOffset.UTC : ZoneId.of(zone),
        month == null ? 1 : Math.clamp(month, 1, 12),
        Tree.has(item, "created_at") ? Scene.anchor(item) : Scene.anchor(owner));
  }

  private static Map<Character, Period.Unit> units() {
    Map<Character, Period.Unit> units = new HashMap<>();
    for (Period.Unit unit : Period.Unit.values()) {
      units.put(unit.letter(), unit);
    }
    return Map.copyOf(units);
  }

  private Applies applies(Json.Obj item, String path, Applies base) {
    Json.Obj written = Tree.object(item, "applies_to");
    if (written.members().isEmpty()) {
      return base;
    }
    String own = Scene.below(path, "applies_to");
    NameFilter providers = scene.filter(written, "providers", own, NameFilter.ALL);
    NameFilter models = scene.filter(written, "models", own, NameFilter.ALL);
    return new Applies(
        base.providers().all() ? providers : base.providers(),
        base.models().all() ? models : base.models(),
        scene.filter(written, "clients", own, NameFilter.ALL),
        Tree.flag(written, "per_session", false));
  }

  /** What of {@code applies} makes a budget another one than the owner's plain budget. */
  private static String told(Applies applies) {
    return applies.equals(Applies.TO_ALL) ? "" : " " + applies;
  }

  private Budget.@Nullable TopUp topUp(Json.Obj item, String path, Schedule schedule) {
    Json.Obj override = Tree.object(item, "override");
    String own = Scene.below(path, "override");
    BigDecimal amount = Tree.exact(override, "amount");
    if (amount == null) {
      return null;
    }
    long nano = nano(amount, override, own + ".amount");
    if ("forever".equals(Tree.text(override, "mode"))) {
      if (Tree.has(override, "cycles")) {
        scene
            .findings()
            .problem(
                override,
                own + ".cycles",
                "has no meaning beside \"mode\": \"forever\"; keep one of them");
      }
      return new Budget.TopUp(nano, null);
    }
    Instant start = Tree.instant(override, "started_at");
    if (start == null) {
      scene
          .findings()
          .problem(
              override,
              own + ".started_at",
              "is missing; write the moment the first cycle lies in, or \"mode\": \"forever\"");
      return null;
    }
    Long cycles = Tree.whole(override, "cycles");
    long at = start.toEpochMilli();
    int windows = cycles == null ? 1 : Math.clamp(cycles, 1, 1000);
    for (int i = 0; i < windows; i++) {
      at = Windows.at(schedule, at).end();
    }
    return new Budget.TopUp(nano, Instant.ofEpochMilli(at));
  }

  private static String id(
      Json.Obj item, String prefix, String seed, String kind, Set<String> ids) {
    String given = Tree.text(item, "id");
    if (given != null) {
      return given;
    }
    String id = StableId.of(prefix, seed, kind);
    for (int i = 2; !ids.add(prefix + id); i++) {
      id = StableId.of(prefix, seed, kind, Integer.toString(i));
    }
    return id;
  }

  private static String text(Json.Obj item, String field) {
    String text = Tree.text(item, field);
    return text == null ? "" : text;
  }

  private static Enforcement mode(Json.Obj item) {
    return "observe".equals(Tree.text(item, "mode")) ? Enforcement.OBSERVE : Enforcement.ENFORCE;
  }
}
