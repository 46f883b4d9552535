package dev.fairlead.app.telemetry.trace;

import dev.fairlead.app.logs.Redactor;
import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.config.LoggingSettings.Redaction;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what was said in a request and writes it as spans have it. Rules of redaction see bodies as
 * they were sent, as in the request log, and then every text by itself: what is spread over the
 * frames of a stream, or hidden behind JSON's escapes, is replaced too.
 */
final class ContentReading {
  /** Bytes of UTF-8 one attribute may have. */
  static final int MOST = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(ContentReading.class);

  private final List<Redaction> rules;
  private final long until = Redactor.limit();
  private final List<String> cut = new ArrayList<>();

  private ContentReading(List<Redaction> rules) {
    this.rules = rules;
  }

  /** Null when it cannot be read, or not be told in time whether something must be replaced. */
  static @Nullable SpanContent read(HeldContent held, Receipt receipt, List<Redaction> rules) {
    try {
      return new ContentReading(rules).read(held, receipt);
    } catch (Redactor.TooSlow | MalformedBody | RequestFault unknown) {
      return null;
    } catch (RuntimeException broken) {
      // A reader that fails on what a stranger sent must not cost the spans of others.
      LOG.error("what was said in request {} cannot be read", receipt.id(), broken);
      return null;
    }
  }

  private SpanContent read(HeldContent held, Receipt receipt) {
    Dialect asked = receipt.requestDialect();
    Dialect answered = receipt.replyDialect();
    String system = null;
    String input = null;
    if (asked != null) {
      Bytes body = Redactor.redact(held.body(), rules, until);
      InputMessages messages =
          InputMessages.of(Envelope.scan(body, Interests.NONE, ScanRules.REPLY).asValue(), asked);
      Allowance instructions = room();
      system = noted(messages.system(instructions), instructions, SpanContent.SYSTEM);
      Allowance conversation = room();
      input = noted(messages.messages(conversation), conversation, SpanContent.INPUT);
    }
    String output = null;
    if (answered != null && receipt.status() >= 200 && receipt.status() < 300) {
      Bytes sent = held.reply();
      Bytes reply = Redactor.redact(sent, rules, until);
      Allowance room = room();
      String said =
          OutputMessages.of(reply, answered, receipt.stream())
              .messages(room, receipt.outcome() == Outcome.COMPLETED ? "stop" : "error");
      if (held.cut() || (said == null && !reply.equals(sent))) {
        // A rule that matches a bare number leaves no JSON to read: better nothing than too much.
        room.lacks();
      }
      output = noted(said, room, SpanContent.OUTPUT);
    }
    return new SpanContent(system, input, output, cut);
  }

  private Allowance room() {
    return new Allowance(MOST, text -> Redactor.redact(text, rules, until));
  }

  private @Nullable String noted(@Nullable String json, Allowance room, String name) {
    if (room.cut()) {
      cut.add(name);
    }
    return json;
  }
}
