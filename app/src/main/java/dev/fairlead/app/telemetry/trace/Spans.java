package dev.fairlead.app.telemetry.trace;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.exchange.Receipt.Attempt;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.governance.Attribution.Named;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.TraceParent;
import dev.fairlead.core.model.Tracing;
import dev.fairlead.core.model.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One span for a request and one below it for each attempt, with the attributes of OpenTelemetry's
 * semantic conventions for generative AI (version 1.37, spans and their {@code gen_ai.*}
 * attributes). What those do not name is {@code fairlead.*}. What was said is in a request's span
 * only where there is a source for it.
 */
final class Spans {
  private static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("gen_ai.operation.name");
  private static final AttributeKey<String> PROVIDER =
      AttributeKey.stringKey("gen_ai.provider.name");
  private static final AttributeKey<String> REQUEST_MODEL =
      AttributeKey.stringKey("gen_ai.request.model");
  private static final AttributeKey<String> REPLY_ID = AttributeKey.stringKey("gen_ai.response.id");
  private static final AttributeKey<List<String>> FINISH =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  private static final AttributeKey<String> CONVERSATION =
      AttributeKey.stringKey("gen_ai.conversation.id");
  private static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> OUTPUT =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  private static final AttributeKey<Long> CACHE_READ =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
  private static final AttributeKey<Long> CACHE_WRITE =
      AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> CLIENT_ADDRESS =
      AttributeKey.stringKey("client.address");

  private static final AttributeKey<String> SYSTEM_INSTRUCTIONS =
      AttributeKey.stringKey(SpanContent.SYSTEM);
  private static final AttributeKey<String> INPUT_MESSAGES =
      AttributeKey.stringKey(SpanContent.INPUT);
  private static final AttributeKey<String> OUTPUT_MESSAGES =
      AttributeKey.stringKey(SpanContent.OUTPUT);
  private static final AttributeKey<List<String>> TRUNCATED =
      AttributeKey.stringArrayKey("fairlead.content.truncated");

  private final Tracing tracing;
  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private final Function<Receipt, @Nullable SpanContent> contents;

  /**
   * Makes spans.
   *
   * @param contents what was said in the request of a receipt, or null
   */
  Spans(
      Tracing tracing,
      Resource resource,
      InstrumentationScopeInfo scope,
      Function<Receipt, @Nullable SpanContent> contents) {
    this.tracing = tracing;
    this.resource = resource;
    this.scope = scope;
    this.contents = contents;
  }

  /**
   * Adds the spans of {@code receipt}; none when its trace is not recorded. About so many bytes of
   * them are what was said.
   */
  int add(Receipt receipt, List<SpanData> to) {
    TraceParent parent = receipt.caller().trace();
    TraceParent own = tracing.span(receipt.id(), parent);
    if (!own.sampled()) {
      return 0;
    }
    SpanContent content = contents.apply(receipt);
    SpanContext context = context(own.traceId(), own.spanId());
    long start = receipt.receivedAtMillis() * 1_000_000;
    to.add(
        new ReceiptSpan(
            name(receipt, receipt.requestedModel()),
            SpanKind.SERVER,
            context,
            parent == null
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(
                    parent.traceId(),
                    parent.spanId(),
                    TraceFlags.getSampled(),
                    TraceState.getDefault()),
            start,
            start + receipt.timings().total() * 1_000,
            status(receipt),
            request(receipt, content),
            resource,
            scope));
    List<Attempt> attempts = receipt.attempts();
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      long began = start + attempt.startedMicros() * 1_000;
      to.add(
          new ReceiptSpan(
              name(receipt, attempt.model()),
              SpanKind.CLIENT,
              context(own.traceId(), attemptId(own.spanId(), i)),
              context,
              began,
              began + attempt.totalMicros() * 1_000,
              attempt.failure() == null
                  ? StatusData.ok()
                  : StatusData.create(
                      StatusCode.ERROR, attempt.detail() == null ? "" : attempt.detail()),
              attempt(receipt, attempt, i == attempts.size() - 1),
              resource,
              scope));
    }
    return content == null ? 0 : content.size();
  }

  private static SpanContext context(String traceId, String spanId) {
    return SpanContext.create(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
  }

  /** Ids of attempts follow from the request's, so that they need not be kept anywhere. */
  static String attemptId(String span, int index) {
    long mixed = Long.parseUnsignedLong(span, 16) + (index + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    mixed ^= mixed >>> 31;
    String digits = Long.toHexString(mixed == 0 ? 1 : mixed);
    return "0".repeat(16 - digits.length()) + digits;
  }

  private static String name(Receipt receipt, @Nullable String model) {
    String operation = operation(receipt.operation());
    return model == null ? operation : operation + " " + model;
  }

  private static String operation(@Nullable Operation operation) {
    return switch (operation) {
      case null -> "request";
      case CHAT_COMPLETION, RESPONSES, RESPONSES_COMPACT, MESSAGES, OLLAMA_CHAT -> "chat";
      case TEXT_COMPLETION -> "text_completion";
      case EMBEDDING -> "embeddings";
      case GENERATE_CONTENT -> "generate_content";
      case COUNT_TOKENS, RESPONSES_INPUT_TOKENS -> "count_tokens";
    };
  }

  private static StatusData status(Receipt receipt) {
    if (receipt.outcome() == Outcome.COMPLETED) {
      return StatusData.ok();
    }
    if (receipt.outcome() == Outcome.CANCELLED) {
      return StatusData.unset();
    }
    return StatusData.create(
        StatusCode.ERROR, receipt.failureMessage() == null ? "" : receipt.failureMessage());
  }

  private static Attributes request(Receipt receipt, @Nullable SpanContent content) {
    AttributesBuilder all = Attributes.builder();
    common(all, receipt);
    text(all, REQUEST_MODEL, receipt.requestedModel());
    if (!receipt.attempts().isEmpty()) {
      all.put(PROVIDER, vendor(receipt.attempts().getLast().provider()));
      usage(all, receipt.usage());
    }
    text(all, REPLY_ID, receipt.replyId());
    if (receipt.finishReason() != null) {
      all.put(FINISH, List.of(receipt.finishReason()));
    }
    all.put(STATUS, receipt.status());
    if (receipt.outcome() != Outcome.COMPLETED) {
      text(
          all,
          ERROR,
          receipt.failureCode() == null ? receipt.outcome().label() : receipt.failureCode());
    }
    text(
        all,
        CLIENT_ADDRESS,
        receipt.caller().address().isEmpty() ? null : receipt.caller().address());
    all.put("fairlead.request.id", receipt.id());
    all.put("fairlead.client", receipt.caller().client());
    if (!receipt.caller().feature().isEmpty()) {
      all.put("fairlead.client.feature", receipt.caller().feature());
    }
    all.put("fairlead.outcome", receipt.outcome().label());
    all.put("fairlead.stream", receipt.stream());
    all.put("fairlead.lane", receipt.replyLane().label());
    all.put("fairlead.attempts", receipt.attempts().size());
    if (receipt.costNanoUsd().isPresent()) {
      all.put("fairlead.cost.usd", receipt.costNanoUsd().getAsLong() / 1e9);
    }
    if (receipt.timings().overhead() >= 0) {
      all.put("fairlead.overhead.us", receipt.timings().overhead());
    }
    if (!receipt.dropped().isEmpty()) {
      all.put(AttributeKey.stringArrayKey("fairlead.dropped"), receipt.dropped());
    }
    attribution(all, receipt.attribution());
    if (content != null) {
      text(all, SYSTEM_INSTRUCTIONS, content.system());
      text(all, INPUT_MESSAGES, content.input());
      text(all, OUTPUT_MESSAGES, content.output());
      if (!content.cut().isEmpty()) {
        all.put(TRUNCATED, content.cut());
      }
    }
    return all.build();
  }

  private static void attribution(AttributesBuilder all, Attribution whom) {
    named(all, "fairlead.virtual_key", whom.key());
    named(all, "fairlead.user", whom.user());
    named(all, "fairlead.team", whom.team());
    named(all, "fairlead.customer", whom.customer());
    named(all, "fairlead.rule", whom.rule());
    text(all, AttributeKey.stringKey("fairlead.repository"), whom.repository());
    text(all, AttributeKey.stringKey("fairlead.branch"), whom.branch());
    whom.tags().forEach((name, value) -> all.put("gen_ai.dimension." + name, value));
  }

  private static void named(AttributesBuilder all, String name, @Nullable Named whom) {
    if (whom != null) {
      all.put(name + ".id", whom.id());
      all.put(name + ".name", whom.name());
    }
  }

  private static Attributes attempt(Receipt receipt, Attempt attempt, boolean last) {
    AttributesBuilder all = Attributes.builder();
    common(all, receipt);
    all.put(REQUEST_MODEL, attempt.model());
    all.put(PROVIDER, vendor(attempt.provider()));
    all.put("fairlead.provider", attempt.provider());
    if (attempt.keyName() != null) {
      all.put("fairlead.provider.key", attempt.keyName());
    }
    if (attempt.status() != 0) {
      all.put(STATUS, attempt.status());
    }
    if (attempt.failure() != null) {
      all.put(ERROR, attempt.failure().label());
    } else if (last) {
      usage(all, receipt.usage());
      text(all, REPLY_ID, receipt.replyId());
    }
    if (attempt.firstByteMicros() >= 0) {
      all.put("fairlead.first_byte.us", attempt.firstByteMicros());
    }
    all.put("fairlead.queued.us", attempt.queuedMicros());
    return all.build();
  }

  private static void common(AttributesBuilder all, Receipt receipt) {
    all.put(OPERATION, operation(receipt.operation()));
    text(all, CONVERSATION, receipt.session());
  }

  private static void usage(AttributesBuilder all, Usage usage) {
    if (!usage.equals(Usage.NONE)) {
      all.put(INPUT, usage.input());
      all.put(OUTPUT, usage.output());
      all.put(CACHE_READ, usage.cacheRead());
      all.put(CACHE_WRITE, usage.cacheWrite5m() + usage.cacheWrite1h());
    }
  }

  /** The conventions' own names of the vendors they know. */
  private static String vendor(String provider) {
    return switch (provider) {
      case "gemini" -> "gcp.gemini";
      case "mistral" -> "mistral_ai";
      case "xai" -> "x_ai";
      default -> provider;
    };
  }

  private static void text(
      AttributesBuilder all, AttributeKey<String> key, @Nullable String value) {
    if (value != null) {
      all.put(key, value);
    }
  }
}
