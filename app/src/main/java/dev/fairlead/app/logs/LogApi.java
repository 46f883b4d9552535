package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.SessionSeals;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.Figures;
import dev.fairlead.store.log.LogFilter;
import dev.fairlead.store.log.LogFilter.Figure;
import dev.fairlead.store.log.LogReader;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.Page;
import dev.fairlead.store.log.Sums;
import dev.fairlead.store.log.Term;
import java.net.URI;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The request log in the control API. */
public final class LogApi implements AutoCloseable {
  static final long LOOK_NANOS = 250_000_000;

  private final RequestLog log;
  private final LogReader reader;
  private final Reads reads = new Reads();
  private final PromptAudit audit;
  private final InstantSource clock;
  private final Running running;

  /**
   * What it needs of the running gateway.
   *
   * @param at where it listens, or null while it does not
   * @param hash what virtual keys are looked up with
   * @param seals of the sessions
   * @param pricer what requests under way have cost so far
   */
  public record Running(
      Supplier<@Nullable URI> at,
      Supplier<Snapshot> configuration,
      UnaryOperator<String> hash,
      SessionSeals seals,
      Pricer pricer) {}

  public LogApi(RequestLog log, PromptAudit audit, InstantSource clock, Running running) {
    this.log = log;
    this.running = running;
    this.reader = log.store().reader();
    this.audit = audit;
    this.clock = clock;
  }

  /** What it serves. */
  public List<ApiRoute> routes() {
    String[] filters = LogQuery.parameters();
    String[] grouped = LogQuery.parameters("by", "bucket", "limit", "sort_by");
    List<ApiRoute> routes = new ArrayList<>();
    routes.add(
        read("/api/logs", this::list)
            .takes(LogQuery.parameters("limit", "offset", "cursor", "sort_by", "order")));
    routes.add(read("/api/logs/stats", this::stats).takes(filters));
    routes.add(read("/api/logs/histogram", this::histogram).takes(grouped));
    routes.add(read("/api/logs/rankings", this::rankings).takes(grouped));
    routes.add(
        new SavingsApi(reader, reads, clock, running.configuration(), running.pricer()).route());
    routes.add(
        new ApiRoute("GET", "/api/logs/filterdata", Permission.LOGS_READ, this::filterData)
            .takes("facet", "search", "limit"));
    routes.add(new ApiRoute("GET", "/api/logs/dropped", Permission.LOGS_READ, this::dropped));
    routes.add(read("/api/logs/{id}", this::one));
    routes.add(
        new ApiRoute(
                "GET",
                "/api/logs/{id}/request",
                Permission.PROMPTS_READ,
                call -> body(call, "request", id -> reader.contents().request(id)))
            .forAnySight());
    routes.add(
        new ApiRoute(
                "GET",
                "/api/logs/{id}/response",
                Permission.PROMPTS_READ,
                call -> body(call, "reply", id -> reader.contents().reply(id)))
            .forAnySight());
    routes.add(
        new ApiRoute("DELETE", "/api/logs", Permission.ADMIN, this::erase)
            .takes("user_ids", "virtual_key_ids"));
    routes.addAll(new SessionApi(reader, reads, clock).routes());
    routes.addAll(new ExportApi(reader, reads, audit, clock).routes());
    routes.addAll(new InFlightApi(log, audit, clock, running.pricer()).routes());
    routes.add(new ReplayApi(reader, reads, audit, running).route());
    return routes;
  }

  private static ApiRoute read(String path, dev.fairlead.app.admin.Handler handler) {
    return new ApiRoute("GET", path, Permission.LOGS_READ, handler).forAnySight();
  }

  private ApiAnswer list(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = LogQuery.of(call, clock.millis());
    int limit = (int) call.query().number("limit", 50, 1, LogReader.MOST_ROWS);
    int offset = (int) call.query().number("offset", 0, 0, 10_000);
    String sort =
        call.query()
            .oneOf("sort_by", "timestamp", List.of("timestamp", "latency", "tokens", "cost"));
    String order = call.query().oneOf("order", "desc", List.of("asc", "desc"));
    if (order.equals("asc") && sort.equals("timestamp") && filter.words() != null) {
      throw ApiProblem.invalid(
          "order", "With content_search requests come the newest first: order is desc.");
    }
    OptionalLong cursor = cursor(call.query().text("cursor"));
    boolean previews = call.actor().may(Permission.PROMPTS_READ);
    Page page =
        reads.of(() -> {
          if (!sort.equals("timestamp")) {
            return reader.top(
                filter, figure(sort), order.equals("desc"), offset, limit, LOOK_NANOS);
          }
          Page found =
              order.equals("desc")
                  ? reader.page(filter, cursor, limit + offset, LOOK_NANOS)
                  : reader.pageUp(filter, cursor, limit + offset, LOOK_NANOS);
          return offset == 0
              ? found
              : new Page(
                  found.rows().stream().skip(offset).toList(), found.next(), found.partial());
        });
    Map<UUID, String> shown =
        previews ? reads.of(() -> reader.contents().previews(page.rows())) : Map.of();
    if (!shown.isEmpty()) {
      audit.read(call, "a list of " + shown.size() + " requests");
    }
    Sums.@Nullable Answer sums =
        filter.words() != null
            ? null
            : reads.of(() -> reader.sums().sum(filter, null, 0, LOOK_NANOS));
    JsonWriter json = new JsonWriter().beginObject();
    json.name("logs").beginArray();
    for (LogRow row : page.rows()) {
      LogJson.row(json, row, shown.get(row.id()));
    }
    json.endArray().name("pagination").beginObject();
    json.field("limit", limit)
        .field("offset", offset)
        .field("sort_by", sort)
        .field("order", order)
        .field("total_count", sums == null || sums.partial() ? -1 : sums.total().requests())
        .field("partial", page.partial());
    json.field(
        "next_cursor", page.next().isPresent() ? Long.toString(page.next().getAsLong(), 36) : null);
    json.endObject();
    boolean any = !page.rows().isEmpty() || log.written() > 0;
    if (sums == null) {
      json.field("stats", null).field("stats_partial", false).field("has_logs", any);
    } else {
      json.name("stats");
      LogJson.stats(json, sums.total());
      json.field("stats_partial", sums.partial())
          .field("has_logs", any || sums.total().requests() > 0);
    }
    return ApiAnswer.json(json.endObject().text());
  }

  private static Figure figure(String sort) {
    return switch (sort) {
      case "latency" -> Figure.LATENCY_MICROS;
      case "tokens" -> Figure.TOKENS;
      default -> Figure.COST_NANO_USD;
    };
  }

  static OptionalLong cursor(@Nullable String text) throws ApiProblem {
    if (text == null || text.isBlank()) {
      return OptionalLong.empty();
    }
    try {
      long key = Long.parseLong(text, 36);
      if (text.matches("[0-9a-z]+") && LogReader.isCursor(key)) {
        return OptionalLong.of(key);
      }
    } catch (NumberFormatException _) {
      // No number is no cursor either.
    }
    throw ApiProblem.invalid("cursor", "cursor is the next_cursor of the page before.");
  }

  private ApiAnswer one(ApiCall call) throws ApiProblem, InterruptedException {
    LogRow row = visible(call, reader, reads);
    boolean prompts = call.actor().may(Permission.PROMPTS_READ);
    String preview =
        prompts ? reads.of(() -> reader.contents().previews(List.of(row))).get(row.id()) : null;
    if (preview != null) {
      audit.read(call, row.id().toString());
    }
    JsonWriter json = new JsonWriter();
    LogJson.row(json, row, preview);
    return ApiAnswer.json(json.text());
  }

  /** The row {@code call} names, if its actor may see it. */
  static LogRow visible(ApiCall call, LogReader reader, Reads reads)
      throws ApiProblem, InterruptedException {
    UUID id = LogQuery.id(call.parameter("id"));
    @Nullable LogRow row = reads.<@Nullable LogRow>of(() -> reader.row(id));
    LogFilter seen = LogQuery.seenBy(call, LogFilter.between(0, Long.MAX_VALUE));
    for (Map.Entry<Facet, Set<String>> needed : seen.facets().entrySet()) {
      if (row != null && !needed.getValue().contains(String.valueOf(row.value(needed.getKey())))) {
        row = null;
      }
    }
    if (row == null) {
      throw ApiProblem.missing(
          "No request of this id is in the log; it may be under way still, or too old.");
    }
    return row;
  }

  /** Where a body is read from. */
  @FunctionalInterface
  private interface Stored {
    byte @Nullable [] of(UUID id) throws SQLException;
  }

  private ApiAnswer body(ApiCall call, String what, Stored stored)
      throws ApiProblem, InterruptedException {
    LogRow row = visible(call, reader, reads);
    byte[] body = reads.<byte @Nullable []>of(() -> stored.of(row.id()));
    if (body == null) {
      throw ApiProblem.missing(
          "This "
              + what
              + " is not kept: contents are kept for a shorter time than requests, or were not"
              + " logged.");
    }
    audit.read(call, row.id().toString());
    // Whatever is in it, no browser is to take it for a page.
    return ApiAnswer.bytes("application/octet-stream", Bytes.of(body))
        .with("x-content-type-options", "nosniff")
        .with("content-disposition", "attachment")
        .with("content-security-policy", "sandbox; default-src 'none'");
  }

  private ApiAnswer stats(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = LogQuery.ofSums(call, clock.millis());
    Sums.Answer sums = reads.of(() -> reader.sums().sum(filter, null, 0, LOOK_NANOS));
    JsonWriter json = new JsonWriter();
    LogJson.stats(json, sums.total());
    return ApiAnswer.json(json.text());
  }

  private ApiAnswer histogram(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = LogQuery.ofSums(call, clock.millis());
    Facet by = by(call, null);
    long span = filter.to() - filter.from();
    long usual = span <= 3 * 3_600_000 ? 60 : span <= 50L * 3_600_000 ? 3600 : 86_400;
    long bucket = call.query().number("bucket", usual, 10, 31 * 86_400) * 1000;
    if (span / bucket > 2000) {
      throw ApiProblem.invalid("bucket", "bucket is too small for the period: 2000 are the most.");
    }
    Sums.Answer sums = reads.of(() -> reader.sums().sum(filter, by, bucket, 2 * LOOK_NANOS));
    JsonWriter json = new JsonWriter().beginObject();
    json.field("bucket_seconds", bucket / 1000);
    open(json, sums, filter);
    json.name("buckets").beginArray();
    sums.slots().stream()
        .sorted(java.util.Comparator.comparingLong(Sums.Slot::start))
        .forEach(slot -> {
          json.beginObject()
              .field("timestamp", java.time.Instant.ofEpochMilli(slot.start()).toString());
          term(json, slot.term(), by);
          LogJson.figures(json, slot.figures());
          json.endObject();
        });
    return ApiAnswer.json(json.endArray().endObject().text());
  }

  private static void open(JsonWriter json, Sums.Answer sums, LogFilter filter) {
    json.field("start_time", java.time.Instant.ofEpochMilli(sums.from()).toString())
        .field("end_time", java.time.Instant.ofEpochMilli(filter.to()).toString())
        .field("partial", sums.partial());
  }

  private static void term(JsonWriter json, @Nullable Term term, @Nullable Facet by) {
    if (by != null) {
      json.field("value", term == null ? null : term.value())
          .field("name", term == null ? null : term.name());
    }
  }

  private static @Nullable Facet by(ApiCall call, @Nullable String usual) throws ApiProblem {
    String name = call.query().text("by");
    if (name == null) {
      name = usual;
    }
    if (name == null) {
      return null;
    }
    Facet facet = LogQuery.facet(name);
    if (facet == null) {
      throw ApiProblem.invalid(
          "by",
          "by is one of "
              + String.join(
                  ", ", java.util.Arrays.stream(Facet.values()).map(Facet::label).toList())
              + ".");
    }
    return facet;
  }

  private ApiAnswer rankings(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = LogQuery.ofSums(call, clock.millis());
    Facet by = by(call, "model");
    int limit = (int) call.query().number("limit", 20, 1, 1000);
    String sort =
        call.query().oneOf("sort_by", "cost", List.of("cost", "requests", "tokens", "failed"));
    Sums.Answer sums = reads.of(() -> reader.sums().sum(filter, by, 0, 2 * LOOK_NANOS));
    JsonWriter json = new JsonWriter().beginObject();
    open(json, sums, filter);
    json.field("by", by == null ? "model" : by.label()).name("rankings").beginArray();
    sums.slots().stream()
        .sorted(
            java.util.Comparator.comparingLong((Sums.Slot slot) -> -ranked(slot.figures(), sort)))
        .limit(limit)
        .forEach(slot -> {
          json.beginObject();
          term(json, slot.term(), by);
          LogJson.figures(json, slot.figures());
          json.endObject();
        });
    return ApiAnswer.json(json.endArray().endObject().text());
  }

  private static long ranked(Figures figures, String sort) {
    return switch (sort) {
      case "requests" -> figures.requests();
      case "tokens" -> figures.tokens();
      case "failed" -> figures.failed();
      default -> figures.costNanoUsd();
    };
  }

  private ApiAnswer filterData(ApiCall call) throws ApiProblem, InterruptedException {
    String search = call.query().text("search", "");
    int limit = (int) call.query().number("limit", 200, 1, 1000);
    String only = call.query().text("facet");
    JsonWriter json = new JsonWriter().beginObject();
    for (Facet facet : Facet.values()) {
      if (only == null || only.equals(facet.label())) {
        List<Term> values = reads.of(() -> reader.values(facet, search, limit));
        json.name(facet.label()).beginArray();
        for (Term value : values) {
          json.beginObject().field("value", value.value()).field("name", value.name()).endObject();
        }
        json.endArray();
      }
    }
    return ApiAnswer.json(json.endObject().text());
  }

  private ApiAnswer dropped(ApiCall call) {
    Shed shed = log.shed();
    return ApiAnswer.json(
        new JsonWriter()
            .beginObject()
            .field("written", log.written())
            .field("waiting", log.waiting())
            .field("dropped_requests", shed.rows() + shed.lost())
            .field("requests_shed", shed.rows())
            .field("requests_lost", shed.lost())
            .field("bodies_shed", shed.bodies())
            .field("texts_shed", shed.texts())
            .field("replies_truncated", shed.truncated())
            .field("bodies_unredacted", shed.unredacted())
            .endObject()
            .text());
  }

  private ApiAnswer erase(ApiCall call) throws ApiProblem, InterruptedException {
    List<String> users = call.query().list("user_ids");
    List<String> keys = call.query().list("virtual_key_ids");
    if (users.isEmpty() == keys.isEmpty()) {
      throw ApiProblem.invalid(
          "user_ids", "Say either user_ids or virtual_key_ids: whose requests are to be erased.");
    }
    Facet facet = users.isEmpty() ? Facet.KEY : Facet.USER;
    Set<String> whose = Set.copyOf(users.isEmpty() ? keys : users);
    audit.did(call, "erase_logs", facet.label() + " " + String.join(", ", whose));
    long erased = Erasing.of(log.pump(), facet, whose);
    return ApiAnswer.json(
        new JsonWriter().beginObject().field("erased", erased).endObject().text());
  }

  @Override
  public void close() {
    reads.close();
    reader.close();
  }
}
