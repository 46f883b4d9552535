package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.Figures;
import dev.fairlead.store.log.LogFilter;
import dev.fairlead.store.log.LogReader;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.Page;
import dev.fairlead.store.log.Sums;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Sessions: what one run of an agent came to, and how its conversations hang together. A
 * conversation is what begins with the same words of the user; subagents have one each.
 */
final class SessionApi {
  private static final int MOST_ROWS = 5000;

  private final LogReader reader;
  private final Reads reads;
  private final InstantSource clock;

  SessionApi(LogReader reader, Reads reads, InstantSource clock) {
    this.reader = reader;
    this.reads = reads;
    this.clock = clock;
  }

  List<ApiRoute> routes() {
    return List.of(
        route("/api/logs/sessions", this::sessions).takes(LogQuery.parameters("limit", "cursor")),
        route("/api/logs/sessions/{sid}", this::session).takes("limit", "cursor"),
        route("/api/logs/sessions/{sid}/summary", this::summary),
        route("/api/logs/sessions/{sid}/tree", this::tree));
  }

  private static ApiRoute route(String path, dev.fairlead.app.admin.Handler handler) {
    return new ApiRoute("GET", path, Permission.LOGS_READ, handler).forAnySight();
  }

  private LogFilter of(ApiCall call) {
    return LogQuery.seenBy(
        call, LogFilter.between(0, clock.millis() + 60_000).ofSession(call.parameter("sid")));
  }

  private ApiAnswer sessions(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = LogQuery.of(call, clock.millis());
    int limit = (int) call.query().number("limit", 20, 1, 100);
    OptionalLong cursor = LogApi.cursor(call.query().text("cursor"));
    List<String> ids = reads.of(() -> reader.sessions(filter, cursor, limit, LogApi.LOOK_NANOS));
    JsonWriter json = new JsonWriter().beginObject().name("sessions").beginArray();
    for (String id : ids) {
      LogFilter one = filter.ofSession(id);
      Page page = reads.of(() -> reader.page(one, OptionalLong.empty(), 1, LogApi.LOOK_NANOS));
      json.beginObject().field("session_id", id);
      if (!page.rows().isEmpty()) {
        LogRow last = page.rows().getFirst();
        json.field("latest_at", Instant.ofEpochMilli(last.timeMillis()).toString())
            .field("client", last.value(Facet.CLIENT))
            .field("virtual_key_name", last.name(Facet.KEY))
            .field("user_name", last.name(Facet.USER));
      }
      // Sums know nothing of what was said.
      if (one.words() == null) {
        Sums.Answer sums = reads.of(() -> reader.sums().sum(one, null, 0, LogApi.LOOK_NANOS));
        LogJson.figures(json, sums.total());
      }
      json.endObject();
    }
    return ApiAnswer.json(json.endArray().endObject().text());
  }

  private ApiAnswer session(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = of(call);
    int limit = (int) call.query().number("limit", 100, 1, LogReader.MOST_ROWS);
    OptionalLong cursor = LogApi.cursor(call.query().text("cursor"));
    Page page = reads.of(() -> reader.page(filter, cursor, limit, LogApi.LOOK_NANOS));
    long count = reads.of(() -> reader.count(filter, 1_000_000));
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("session_id", call.parameter("sid"))
            .name("logs")
            .beginArray();
    page.rows().forEach(row -> LogJson.row(json, row, null));
    json.endArray()
        .field("count", count)
        .field("returned_count", page.rows().size())
        .field("has_more", page.next().isPresent());
    json.field(
        "next_cursor", page.next().isPresent() ? Long.toString(page.next().getAsLong(), 36) : null);
    return ApiAnswer.json(json.endObject().text());
  }

  /** Oldest first, bounded. */
  private List<LogRow> rows(LogFilter filter) throws ApiProblem, InterruptedException {
    List<LogRow> rows = new ArrayList<>();
    OptionalLong next = OptionalLong.empty();
    do {
      OptionalLong from = next;
      Page page = reads.of(() -> reader.page(filter, from, LogReader.MOST_ROWS, LogApi.LOOK_NANOS));
      rows.addAll(page.rows());
      next = page.next();
    } while (next.isPresent() && rows.size() < MOST_ROWS);
    return rows.reversed();
  }

  private ApiAnswer summary(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = of(call);
    Sums.Answer sums = reads.of(() -> reader.sums().sum(filter, null, 0, 4 * LogApi.LOOK_NANOS));
    Page last = reads.of(() -> reader.page(filter, OptionalLong.empty(), 1, LogApi.LOOK_NANOS));
    if (last.rows().isEmpty()) {
      throw ApiProblem.missing("No request of this session is in the log.");
    }
    List<LogRow> rows = rows(filter);
    long started = rows.getFirst().timeMillis();
    long latest = last.rows().getFirst().timeMillis();
    Figures total = sums.total();
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("session_id", call.parameter("sid"))
            .field("count", total.requests())
            .name("total_cost")
            .number(LogJson.usd(total.costNanoUsd()))
            .field("total_tokens", total.tokens())
            .field("started_at", Instant.ofEpochMilli(started).toString())
            .field("latest_at", Instant.ofEpochMilli(latest).toString())
            .field("duration_ms", latest - started);
    LogJson.figures(json, total);
    return ApiAnswer.json(json.endObject().text());
  }

  /** One conversation of a session. */
  private static final class Run {
    private final LogRow first;
    private final List<LogRow> rows = new ArrayList<>();
    private final List<Run> children = new ArrayList<>();
    private @Nullable String after;

    Run(LogRow first) {
      this.first = first;
    }

    boolean main() {
      String feature = first.value(Facet.FEATURE);
      return feature == null || !(feature.endsWith("/subagent") || feature.endsWith("/background"));
    }
  }

  private ApiAnswer tree(ApiCall call) throws ApiProblem, InterruptedException {
    List<LogRow> rows = rows(of(call));
    if (rows.isEmpty()) {
      throw ApiProblem.missing("No request of this session is in the log.");
    }
    Map<String, Run> threads = new LinkedHashMap<>();
    Map<String, String> latestMain = new LinkedHashMap<>();
    List<Run> roots = new ArrayList<>();
    for (LogRow row : rows) {
      String name = row.value(Facet.FEATURE) + "/" + row.conversation();
      Run thread = threads.get(name);
      if (thread == null) {
        thread = new Run(row);
        threads.put(name, thread);
        Map.Entry<String, String> parent = null;
        for (Map.Entry<String, String> main : latestMain.entrySet()) {
          parent = main;
        }
        Run above = parent == null ? null : threads.get(parent.getKey());
        if (thread.main() || above == null || parent == null) {
          roots.add(thread);
        } else {
          above.children.add(thread);
          thread.after = parent.getValue();
        }
      }
      thread.rows.add(row);
      if (thread.main()) {
        latestMain.remove(name);
        latestMain.put(name, row.id().toString());
      }
    }
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("session_id", call.parameter("sid"))
            .field("truncated", rows.size() >= MOST_ROWS)
            .name("threads")
            .beginArray();
    roots.forEach(thread -> write(json, thread));
    return ApiAnswer.json(json.endArray().endObject().text());
  }

  private static void write(JsonWriter json, Run thread) {
    long cost = 0;
    long tokens = 0;
    for (LogRow row : thread.rows) {
      cost += row.costNanoUsd().orElse(0);
      tokens += row.usage().input() + row.usage().output();
    }
    LogRow last = thread.rows.getLast();
    json.beginObject()
        .field("conversation_id", Long.toHexString(thread.first.conversation()))
        .field("client_feature", thread.first.value(Facet.FEATURE))
        .field("model", last.value(Facet.MODEL))
        .field("started_at", Instant.ofEpochMilli(thread.first.timeMillis()).toString())
        .field("latest_at", Instant.ofEpochMilli(last.timeMillis()).toString())
        .field("requests", thread.rows.size())
        .field("tokens", tokens)
        .name("cost")
        .number(LogJson.usd(cost))
        .field("cost_nano_usd", cost);
    if (thread.after != null) {
      json.field("called_by", thread.after);
    }
    json.name("logs").beginArray();
    for (LogRow row : thread.rows) {
      LogJson.row(json, row, null);
    }
    json.endArray().name("children").beginArray();
    thread.children.forEach(child -> write(json, child));
    json.endArray().endObject();
  }
}
