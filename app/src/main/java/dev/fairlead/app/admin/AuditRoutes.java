package dev.fairlead.app.admin;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.admin.AdminStore;
import dev.fairlead.store.admin.AuditFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/audit}: pages of JSON, or everything as JSON lines or CSV. */
public final class AuditRoutes {
  private static final String[] COLUMNS = {
    "id",
    "time",
    "actor_kind",
    "actor_id",
    "actor",
    "action",
    "kind",
    "entity_id",
    "name",
    "outcome",
    "address",
    "detail",
    "before",
    "after"
  };
  private static final int PIECE = 32 * 1024;

  private final AdminStore store;
  private final AuditLog audit;

  public AuditRoutes(AdminStore store, AuditLog audit) {
    this.store = store;
    this.audit = audit;
  }

  public List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/audit", Permission.ADMIN, this::answer)
            .takes(
                "format",
                "limit",
                "cursor",
                "actor",
                "action",
                "kind",
                "entity",
                "start_time",
                "end_time"));
  }

  private ApiAnswer answer(ApiCall call) throws ApiProblem {
    Query query = call.query();
    AuditFilter filter =
        new AuditFilter(
            query.text("actor"),
            query.text("action"),
            query.text("kind"),
            query.text("entity"),
            query.instant("start_time"),
            query.instant("end_time"));
    String format = query.oneOf("format", "json", List.of("json", "jsonl", "csv"));
    if (!format.equals("json")) {
      audit.did(call, "export", new AuditLog.Subject("audit", "", ""), format);
      boolean csv = format.equals("csv");
      return ApiAnswer.stream(
              csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
              stream -> export(filter, csv, stream))
          .with("content-disposition", "attachment; filename=\"audit." + format + "\"");
    }
    int limit = (int) query.number("limit", 100, 1, 1000);
    long before = query.number("cursor", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    List<AuditEntry> entries = store.audit(filter, before, limit);
    JsonWriter json = new JsonWriter().beginObject().name("entries").beginArray();
    entries.forEach(entry -> write(entry, json));
    json.endArray();
    json.field("next", entries.size() < limit ? null : Long.toString(entries.getLast().id()));
    return ApiAnswer.json(json.endObject().text());
  }

  private void export(AuditFilter filter, boolean csv, Site.Stream stream)
      throws InterruptedException {
    Lines lines = new Lines(stream);
    if (csv) {
      lines.text.append(String.join(",", COLUMNS)).append("\r\n");
    }
    try {
      store.exportAudit(
          filter,
          entry -> {
            if (csv) {
              csv(entry, lines.text);
            } else {
              JsonWriter json = new JsonWriter();
              write(entry, json);
              lines.text.append(json.text()).append('\n');
            }
            lines.sendWhenLong();
          });
      lines.send();
    } catch (Left left) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** The client has left in the middle; nothing more need be read. */
  private static final class Left extends RuntimeException {
    private static final long serialVersionUID = 1;

    Left() {
      super("the client has left", null, false, false);
    }
  }

  /** What is not sent yet. */
  private static final class Lines {
    private final Site.Stream stream;
    private StringBuilder text = new StringBuilder();

    Lines(Site.Stream stream) {
      this.stream = stream;
    }

    void sendWhenLong() {
      if (text.length() > PIECE) {
        send();
      }
    }

    void send() {
      try {
        if (!stream.write(Bytes.utf8(text.toString()))) {
          throw new Left();
        }
        text = new StringBuilder();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new Left();
      }
    }
  }

  private static void csv(AuditEntry entry, StringBuilder out) {
    @Nullable String[] cells = {
      Long.toString(entry.id()),
      entry.at().toString(),
      entry.actorKind(),
      entry.actorId(),
      entry.actorName(),
      entry.action(),
      entry.kind(),
      entry.entityId(),
      entry.entityName(),
      entry.outcome(),
      entry.address(),
      entry.detail(),
      entry.before(),
      entry.after()
    };
    for (int i = 0; i < cells.length; i++) {
      out.append(i == 0 ? "" : ",").append(cell(cells[i]));
    }
    out.append("\r\n");
  }

  /** Quoted, and no formula: spreadsheets run what begins like one. */
  private static String cell(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    String safe = "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return '"' + safe.replace("\"", "\"\"") + '"';
  }

  private static void write(AuditEntry entry, JsonWriter json) {
    json.beginObject()
        .field("id", entry.id())
        .field("time", entry.at().toString())
        .field("actor_kind", entry.actorKind())
        .field("actor_id", entry.actorId())
        .field("actor", entry.actorName())
        .field("action", entry.action())
        .field("kind", entry.kind())
        .field("entity_id", entry.entityId())
        .field("name", entry.entityName())
        .field("outcome", entry.outcome())
        .field("address", entry.address())
        .field("detail", entry.detail());
    document("before", entry.before(), json);
    document("after", entry.after(), json);
    json.endObject();
  }

  private static void document(String name, @Nullable String document, JsonWriter json) {
    json.name(name);
    if (document == null) {
      json.string(null);
    } else {
      json.raw(document);
    }
  }
}
