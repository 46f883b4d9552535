package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.LogFilter;
import dev.fairlead.store.log.LogReader;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The log as a stream of lines, with the same filters as the list. */
final class ExportApi {
  private static final int PAGE = 500;
  private static final String HEAD =
      "id,timestamp,provider,model,alias,virtual_key_id,user_id,team_id,customer_id,client,"
          + "client_feature,session_id,repository,branch,outcome,http_status,input_uncached,"
          + "cache_read,cache_write,output,reasoning,estimated,cost_usd,total_ms,first_byte_ms,"
          + "attempts,request_bytes,reply_bytes\r\n";

  private final LogReader reader;
  private final Reads reads;
  private final PromptAudit audit;
  private final InstantSource clock;

  ExportApi(LogReader reader, Reads reads, PromptAudit audit, InstantSource clock) {
    this.reader = reader;
    this.reads = reads;
    this.audit = audit;
    this.clock = clock;
  }

  List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/logs/export", Permission.LOGS_READ, this::export)
            .forAnySight()
            .takes(LogQuery.parameters("format", "content")));
  }

  private ApiAnswer export(ApiCall call) throws ApiProblem {
    LogFilter filter = LogQuery.of(call, clock.millis());
    boolean csv = call.query().oneOf("format", "jsonl", List.of("jsonl", "csv")).equals("csv");
    boolean content = call.query().flag("content", false);
    if (content && csv) {
      throw ApiProblem.invalid("content", "content=true takes format=jsonl.");
    }
    if (content && !call.actor().may(Permission.PROMPTS_READ)) {
      throw ApiProblem.forbidden("content=true takes the permission prompts.read.");
    }
    if (content || filter.words() != null) {
      audit.read(call, "an export");
    }
    String type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    return ApiAnswer.stream(
            type,
            stream -> {
              if (csv && !stream.write(Bytes.utf8(HEAD))) {
                return;
              }
              OptionalLong next = OptionalLong.empty();
              do {
                Page page = page(filter, next);
                StringBuilder lines = new StringBuilder();
                for (LogRow row : page.rows()) {
                  if (csv) {
                    csv(row, lines);
                  } else {
                    lines.append(json(row, content)).append('\n');
                  }
                  if (lines.length() > 1 << 18) {
                    if (!stream.write(Bytes.utf8(lines.toString()))) {
                      return;
                    }
                    lines.setLength(0);
                  }
                }
                if (!lines.isEmpty() && !stream.write(Bytes.utf8(lines.toString()))) {
                  return;
                }
                next = page.next();
              } while (next.isPresent() && stream.open());
            })
        .with(
            "content-disposition",
            "attachment; filename=\"fairlead-log." + (csv ? "csv" : "jsonl") + "\"");
  }

  private Page page(LogFilter filter, OptionalLong before)
      throws IOException, InterruptedException {
    try {
      return reads.of(() -> reader.page(filter, before, PAGE, 4 * LogApi.LOOK_NANOS));
    } catch (ApiProblem failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  private String json(LogRow row, boolean content) throws IOException, InterruptedException {
    JsonWriter json = new JsonWriter();
    LogJson.row(json, row, null);
    String whole = json.text();
    if (!content) {
      return whole;
    }
    JsonWriter more = new JsonWriter().beginObject();
    body(more, "request", () -> reader.contents().request(row.id()));
    body(more, "response", () -> reader.contents().reply(row.id()));
    String added = more.endObject().text();
    return added.length() == 2
        ? whole
        : whole.substring(0, whole.length() - 1) + "," + added.substring(1);
  }

  /** As text where it is UTF-8, else as base64 under another name. */
  private void body(JsonWriter json, String name, Reads.Question<byte @Nullable []> stored)
      throws IOException, InterruptedException {
    byte @Nullable [] body;
    try {
      body = reads.<byte @Nullable []>of(stored);
    } catch (ApiProblem failed) {
      throw new IOException(failed.getMessage(), failed);
    }
    if (body != null) {
      String text = new String(body, StandardCharsets.UTF_8);
      if (java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body)) {
        json.field(name, text);
      } else {
        json.field(name + "_base64", Base64.getEncoder().encodeToString(body));
      }
    }
  }

  private static void csv(LogRow row, StringBuilder out) {
    out.append(row.id()).append(',').append(Instant.ofEpochMilli(row.timeMillis()));
    for (Facet facet :
        new Facet[] {
          Facet.PROVIDER,
          Facet.MODEL,
          Facet.ALIAS,
          Facet.KEY,
          Facet.USER,
          Facet.TEAM,
          Facet.CUSTOMER,
          Facet.CLIENT,
          Facet.FEATURE
        }) {
      cell(out, row.value(facet));
    }
    cell(out, row.session());
    cell(out, row.value(Facet.REPOSITORY));
    cell(out, row.value(Facet.BRANCH));
    cell(out, row.value(Facet.OUTCOME));
    long[] figures = {
      row.status(),
      row.usage().inputUncached(),
      row.usage().cacheRead(),
      row.usage().cacheWrite5m() + row.usage().cacheWrite1h(),
      row.usage().output(),
      row.usage().reasoning(),
      row.usage().estimated() ? 1 : 0
    };
    for (long figure : figures) {
      out.append(',').append(figure);
    }
    out.append(',')
        .append(
            row.costNanoUsd().isPresent()
                ? LogJson.usd(row.costNanoUsd().getAsLong()).toPlainString()
                : "")
        .append(',')
        .append(LogJson.millis(row.totalMicros()))
        .append(',')
        .append(LogJson.millis(row.firstByteMicros()))
        .append(',')
        .append(row.attempts())
        .append(',')
        .append(row.requestBytes())
        .append(',')
        .append(row.replyBytes())
        .append("\r\n");
  }

  /** Quoted where it needs to be (RFC 4180), and never read as a formula. */
  private static void cell(StringBuilder out, @Nullable String value) {
    out.append(',');
    if (value == null || value.isEmpty()) {
      return;
    }
    String safe = "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    if (safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
      out.append('"').append(safe.replace("\"", "\"\"")).append('"');
    } else {
      out.append(safe);
    }
  }
}
