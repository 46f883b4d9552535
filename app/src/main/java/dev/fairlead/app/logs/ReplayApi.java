package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.Splice;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.LogReader;
import dev.fairlead.store.log.LogRow;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a logged request again, as it was or to another model: the same bytes but for the model's
 * name, through the gateway's own listener, so that it is admitted, routed, charged and logged as
 * any other. It goes to no provider without the tags that the first one required: it has a session
 * of its own that is sealed with them.
 */
final class ReplayApi {
  private static final Duration LIMIT = Duration.ofSeconds(105);
  private static final long ROW_NANOS = 5_000_000_000L;
  private static final long LOOK_MILLIS = 20;
  private static final int LONGEST_NAME = 255;
  private static final int MOST_TEXT = 1 << 20;
  private static final int UNAUTHORIZED = 401;
  private static final String REQUEST_ID = "x-request-id";
  private static final byte[] NOTHING = {};

  /** Paths that are sent as they were; any other may name a model of its own. */
  private static final Pattern PLAIN_PATH = Pattern.compile("(/[A-Za-z0-9_-]+){1,6}");

  private static final Pattern PLAIN_VALUE = Pattern.compile("[\\x20-\\x7e]{1,2000}");

  private final LogReader reader;
  private final Reads reads;
  private final PromptAudit audit;
  private final LogApi.Running seat;
  private final Loopback gateway;

  ReplayApi(LogReader reader, Reads reads, PromptAudit audit, LogApi.Running seat) {
    this.reader = reader;
    this.reads = reads;
    this.audit = audit;
    this.seat = seat;
    this.gateway = new Loopback(seat.at(), LIMIT);
  }

  ApiRoute route() {
    return new ApiRoute("POST", "/api/logs/{id}/replay", Permission.PROMPTS_READ, this::replay)
        .forAnySight();
  }

  private ApiAnswer replay(ApiCall call) throws ApiProblem, InterruptedException, Site.BodyRefused {
    LogRow row = LogApi.visible(call, reader, reads);
    ObjectNode asked = call.json();
    for (String name : asked.propertyNames()) {
      if (!name.equals("model") && !name.equals("virtual_key")) {
        throw ApiProblem.invalid(name, name + " is not known; there are model and virtual_key.");
      }
    }
    String model = text(asked, "model");
    String value = text(asked, "virtual_key");
    Principal principal = principal(call, value);
    byte[] stored = reads.of(() -> reader.contents().request(row.id()));
    if (stored == null) {
      throw ApiProblem.missing(
          "This request is not kept, so it cannot be sent again: contents are kept for a shorter"
              + " time than requests, or were not logged.");
    }
    byte[] replied = reads.of(() -> reader.contents().reply(row.id()));
    Bytes body = model == null ? Bytes.of(stored) : with(model, Bytes.of(stored));
    JsonValue detail = ReplyText.parse(Bytes.utf8(row.detail()));
    String path = path(row, detail);
    String session = "replay-" + UUID.randomUUID();
    Set<String> required = required(row, detail);
    if (!required.isEmpty()) {
      seat.seals().seal(principal.id(), session, required);
    }
    audit.did(call, "replay_request", row.id() + " to " + (model == null ? "the same" : model));
    HttpResponse<byte[]> reply =
        gateway.post(path, headers(row, detail, path, session, value), body);
    if (reply.statusCode() == UNAUTHORIZED && value == null) {
      throw ApiProblem.invalid(
          "virtual_key",
          "This gateway serves nobody without a virtual key. Say in virtual_key with which to send"
              + " it.");
    }
    return ApiAnswer.json(
        compared(row, Bytes.of(replied == null ? NOTHING : replied), rowOf(reply), reply));
  }

  /** Both requests with what was answered, and how the answers differ. */
  private static String compared(
      LogRow then, Bytes repliedThen, @Nullable LogRow now, HttpResponse<byte[]> reply) {
    Bytes repliedNow = Bytes.of(reply.body());
    String textThen = ReplyText.of(repliedThen, MOST_TEXT);
    String textNow = ReplyText.of(repliedNow, MOST_TEXT);
    List<ReplyCalls.Call> callsThen = ReplyCalls.of(repliedThen);
    List<ReplyCalls.Call> callsNow = ReplyCalls.of(repliedNow);
    JsonWriter json = new JsonWriter().beginObject().name("original");
    LogJson.open(json, then, null);
    json.field("text", textThen);
    ReplyCalls.write(json, callsThen);
    json.endObject().name("replay");
    if (now == null) {
      json.beginObject()
          .field("id", reply.headers().firstValue(REQUEST_ID).orElse(null))
          .field("http_status", reply.statusCode());
    } else {
      LogJson.open(json, now, null);
    }
    json.field("text", textNow);
    ReplyCalls.write(json, callsNow);
    json.field("body", Transcript.cut(repliedNow.utf8(), MOST_TEXT))
        .endObject()
        .name("comparison")
        .beginObject()
        .field("same_text", textThen.equals(textNow))
        .field("same_tool_calls", callsThen.equals(callsNow));
    return json.endObject().endObject().text();
  }

  private static @Nullable String text(ObjectNode asked, String name) throws ApiProblem {
    JsonNode node = asked.get(name);
    if (node == null || node.isNull() || node.isString() && node.stringValue().isBlank()) {
      return null;
    }
    if (!node.isString() || !PLAIN_VALUE.matcher(node.stringValue()).matches()) {
      throw ApiProblem.invalid(name, name + " has to be text.");
    }
    if (node.stringValue().length() > LONGEST_NAME) {
      throw ApiProblem.invalid(name, name + " has at most " + LONGEST_NAME + " characters.");
    }
    return node.stringValue().strip();
  }

  /**
   * As whom it is sent. Without a key the gateway takes it for a program on this machine, which
   * only those may use who could make themselves a key.
   */
  private Principal principal(ApiCall call, @Nullable String value) throws ApiProblem {
    if (value == null) {
      if (!call.actor().may(Permission.KEYS_WRITE)) {
        String told =
            "Say in virtual_key with which key to send it: going without takes the permission"
                + " keys.write.";
        throw new ApiProblem(
            403, "forbidden", told, List.of(new ApiProblem.Fault("virtual_key", told)), -1);
      }
      return new Principal.Anonymous(null);
    }
    VirtualKey key = seat.configuration().get().virtualKey(seat.hash().apply(value));
    if (key == null) {
      throw ApiProblem.invalid("virtual_key", "This virtual key is not known here.");
    }
    if (!key.addresses().isEmpty() && !key.addresses().contains(client(call))) {
      throw ApiProblem.invalid(
          "virtual_key", "This virtual key may not be used from where you are.");
    }
    return new Principal.KeyHolder(key, null);
  }

  private static InetAddress client(ApiCall call) throws ApiProblem {
    try {
      return InetAddress.ofLiteral(call.clientAddress());
    } catch (IllegalArgumentException unknown) {
      throw ApiProblem.invalid("virtual_key", "This virtual key is bound to addresses.");
    }
  }

  /** {@code body} with another model, every other byte as it was. */
  static Bytes with(String model, Bytes body) throws ApiProblem {
    try {
      Envelope envelope = Envelope.scan(body, Interests.of("model"));
      Envelope.Member member = envelope.find("model");
      Bytes name = new JsonWriter().string(model).toBytes();
      Splice splice = new Splice(envelope);
      return Bytes.concat(
          (member == null ? splice.add("model", name) : splice.replace(member.value(), name))
              .segments());
    } catch (MalformedBody broken) {
      throw ApiProblem.conflict(
          "The request is not kept as the JSON it was (" + broken.reason().code() + ").");
    }
  }

  /** Every tag a provider has to have that the first request might have gone to. */
  private Set<String> required(LogRow row, @Nullable JsonValue detail) {
    Set<String> required = new HashSet<>();
    JsonValue then = detail == null ? null : detail.get("required_tags");
    if (then != null && then.type() == JsonType.ARRAY) {
      for (JsonValue tag : then.elements()) {
        String name = tag.string();
        if (name != null) {
          required.add(name);
        }
      }
    }
    String who = text(detail, "principal");
    if (row.session() != null && who != null) {
      required.addAll(seat.seals().of(who, row.session()));
    }
    String keyId = row.value(Facet.KEY);
    VirtualKey key = keyId == null ? null : seat.configuration().get().virtualKeyNamed(keyId);
    if (key != null) {
      required.addAll(key.requiredTags());
    }
    return required;
  }

  private static String path(LogRow row, @Nullable JsonValue detail) throws ApiProblem {
    String path = text(detail, "path");
    if (path != null && PLAIN_PATH.matcher(path).matches() && !path.contains("/deployments/")) {
      return path;
    }
    for (Operation operation : Operation.values()) {
      if (operation.label().equals(row.value(Facet.OPERATION))
          && PLAIN_PATH.matcher(operation.path()).matches()) {
        return operation.path();
      }
    }
    throw ApiProblem.conflict("Where this request was sent is not known any more.");
  }

  private static Map<String, String> headers(
      LogRow row, @Nullable JsonValue detail, String path, String session, @Nullable String key) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", "application/json");
    headers.put("accept", "*/*");
    headers.put("x-bf-session-id", session);
    headers.put("x-bf-parent-request-id", row.id().toString());
    if (key != null) {
      headers.put("authorization", "Bearer " + key);
    }
    if (path.contains("/messages")) {
      headers.put("anthropic-version", "2023-06-01");
    }
    keep(headers, "user-agent", text(detail, "user_agent"));
    keep(headers, "anthropic-beta", text(detail, "anthropic_beta"));
    return headers;
  }

  private static void keep(Map<String, String> headers, String name, @Nullable String value) {
    if (value != null && PLAIN_VALUE.matcher(value).matches()) {
      headers.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable JsonValue detail, String name) {
    JsonValue value = detail == null ? null : detail.get(name);
    return value == null || value.type() != JsonType.STRING ? null : value.string();
  }

  /** The row of what was just answered, once it is written; null when that takes too long. */
  private @Nullable LogRow rowOf(HttpResponse<byte[]> reply)
      throws ApiProblem, InterruptedException {
    String id = reply.headers().firstValue(REQUEST_ID).orElse(null);
    if (id == null) {
      return null;
    }
    UUID wanted = LogQuery.id(id);
    long end = System.nanoTime() + ROW_NANOS;
    while (System.nanoTime() < end) {
      LogRow row = reads.of(() -> reader.row(wanted));
      if (row != null) {
        return row;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return null;
  }
}
