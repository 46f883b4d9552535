package dev.fairlead.wire;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request body into one array, within the bound for a request and the budget of the
 * process, and within a time that a slow sender cannot stretch. Confined to its event loop.
 */
final class BodyIntake extends Roster.Member implements ClientRequest.BodyReceiver {
  /** What came of it. */
  sealed interface Outcome {
    /**
     * The body, decompressed. What it holds of the budget is given back by {@link
     * BodyIntake#giveBack()}.
     */
    record Whole(Bytes body) implements Outcome {}

    /**
     * Not a body to work with; {@code close} says that the connection is no longer in a known
     * state.
     */
    record Refused(Failure failure, boolean close) implements Outcome {}

    /** The client left. */
    record Gone() implements Outcome {}
  }

  private final Loop loop;
  private final ClientRequest request;
  private final Headers headers;
  private final long limit;
  private final boolean limitedByHeap;
  private final Consumer<Outcome> whenDone;
  private final long began;
  private long lastByte;
  private long held;
  private byte[] array = new byte[0];
  private int length;
  private boolean done;
  private boolean exact;
  private long uploadNanos = -1;

  BodyIntake(
      Loop loop, ClientRequest request, Headers headers, long limit, Consumer<Outcome> whenDone) {
    this.loop = loop;
    this.request = request;
    this.headers = headers;
    long configured = Math.min(limit, Integer.MAX_VALUE - 16);
    // What would never fit is not a matter of trying again.
    this.limit = Math.min(configured, loop.gateway().bodies().limit());
    this.limitedByHeap = this.limit < configured;
    this.whenDone = whenDone;
    this.began = loop.nanos();
    this.lastByte = began;
  }

  void start() {
    String declared = headers.get("content-length");
    if (declared != null) {
      long size = parse(declared);
      if (size < 0) {
        finish(refused(400, "invalid_content_length", "Content-Length is not a number.", true));
        return;
      }
      if (size > limit) {
        finish(tooLarge());
        return;
      }
      if (!hold(size)) {
        return;
      }
      array = new byte[(int) size];
      exact = true;
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      request.response().writeContinue();
    }
    loop.reading(this);
    request.readBody(this);
  }

  @Override
  public void data(ByteBuf piece) {
    if (done) {
      return;
    }
    lastByte = loop.nanos();
    int size = piece.readableBytes();
    if ((long) length + size > (exact ? array.length : limit)) {
      finish(tooLarge());
      return;
    }
    if (length + size > array.length) {
      int grown =
          (int)
              Math.min(limit, Math.max(16_384L, Math.max(2L * array.length, length + (long) size)));
      if (!hold(grown - (long) array.length)) {
        return;
      }
      array = Arrays.copyOf(array, grown);
    }
    piece.getBytes(piece.readerIndex(), array, length, size);
    length += size;
  }

  @Override
  public void end() {
    if (done) {
      return;
    }
    uploadNanos = loop.nanos() - began;
    Bytes body = Bytes.of(array, 0, length);
    String encoding = headers.get("content-encoding");
    if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
      finish(new Outcome.Whole(body));
      return;
    }
    Inflate.Coding coding = Inflate.coding(encoding.strip().toLowerCase(Locale.ROOT));
    if (coding == null) {
      finish(
          refused(
              415,
              "unsupported_encoding",
              "Content-Encoding "
                  + encoding.strip()
                  + " is not supported; send gzip, zstd or deflate.",
              false));
      return;
    }
    loop.stopReading(this);
    loop.gateway()
        .work()
        .execute(() -> {
          Inflate.Outcome inflated = Inflate.inflate(body, coding, limit);
          loop.soon(() -> inflated(inflated));
        });
  }

  private void inflated(Inflate.Outcome outcome) {
    if (done) {
      return;
    }
    switch (outcome) {
      case Inflate.Outcome.Plain(Bytes plain) -> {
        if (hold(plain.length())) {
          finish(new Outcome.Whole(plain));
        }
      }
      case Inflate.Outcome.TooLarge _ -> finish(tooLarge());
      case Inflate.Outcome.GrowsTooMuch _ ->
          finish(
              refused(
                  413,
                  "request_too_large",
                  "The request body grows more than "
                      + Inflate.MOST_GROWTH
                      + " times when decompressed, which this gateway takes for an attack. Send it"
                      + " without Content-Encoding.",
                  true));
      case Inflate.Outcome.Broken(String reason) ->
          finish(refused(400, "invalid_encoding", reason, false));
    }
  }

  private boolean hold(long bytes) {
    if (held + bytes > loop.gateway().bodies().limit()) {
      finish(tooLarge());
      return false;
    }
    if (!loop.gateway().bodies().take(bytes)) {
      finish(
          refused(
              503,
              "overloaded",
              "The gateway holds as many request bodies as it may. Try again in a moment.",
              true));
      return false;
    }
    held += bytes;
    return true;
  }

  /** Gives back what the body holds of the budget; called once the request is over. */
  void giveBack() {
    loop.gateway().bodies().give(held);
    held = 0;
  }

  @Override
  public void broken(Throwable cause) {
    finish(new Outcome.Refused(Framing.fault(cause), true));
  }

  @Override
  public void gone() {
    finish(new Outcome.Gone());
  }

  /** Refuses a body that comes too slowly. */
  void tick(long now) {
    if (now - lastByte > loop.limits().silence().toNanos()
        || now - began > loop.limits().body().toNanos()) {
      finish(
          refused(
              408,
              "request_timeout",
              "The request body did not arrive in time: "
                  + length
                  + " bytes came within "
                  + (now - began) / 1_000_000_000L
                  + " s.",
              true));
    }
  }

  /** Time from the request's head to the end of its body, or to now while that is awaited. */
  long uploadNanos() {
    return uploadNanos >= 0 ? uploadNanos : loop.nanos() - began;
  }

  /** Refuses what is still on its way. */
  void stop(String reason) {
    finish(
        new Outcome.Refused(
            new Failure.Denied(503, "stopped", "The request was ended: " + reason + ".", 1), true));
  }

  long bytesRead() {
    return length;
  }

  private void finish(Outcome outcome) {
    if (done) {
      return;
    }
    done = true;
    loop.stopReading(this);
    if (!(outcome instanceof Outcome.Whole)) {
      giveBack();
    }
    array = new byte[0];
    whenDone.accept(outcome);
  }

  private Outcome tooLarge() {
    return refused(
        413,
        "request_too_large",
        "The request body is larger than the "
            + limit
            + (limitedByHeap
                ? " bytes this gateway has room for, a third of its heap. Its operator can start it"
                    + " with a larger FAIRLEAD_HEAP."
                : " bytes this gateway takes. Its operator can raise"
                    + " client.max_request_body_size_mb."),
        true);
  }

  private static Outcome refused(int status, String code, String message, boolean close) {
    return new Outcome.Refused(new Failure.ClientFault(status, code, message, null), close);
  }

  private static long parse(@Nullable String number) {
    if (number == null || number.isEmpty() || number.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
