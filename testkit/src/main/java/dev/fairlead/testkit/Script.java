package dev.fairlead.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a {@link FakeProvider} answers to one request: an immutable list of steps.
 *
 * <p>Every method returns a new script, so a ready-made reply can be bent into a fault without
 * touching the original:
 *
 * <pre>{@code
 * Script whole = Script.sse("data: one\n\n", "data: two\n\n", "data: [DONE]\n\n");
 * Script broken = whole.keepData(1).reset();
 * Script gated = whole.afterData(1, new Step.Await(gate));
 * }</pre>
 */
public record Script(List<Step> steps) {
  /** A script without steps; a request that gets it sees its connection closed. */
  public static final Script EMPTY = new Script(List.of());

  public Script {
    steps = List.copyOf(steps);
  }

  public static Script of(Step... steps) {
    return new Script(List.of(steps));
  }

  /** A whole reply with a content length. */
  public static Script reply(int status, String contentType, Bytes body) {
    return of(
        new Step.Head(
            status,
            List.of(Header.of("content-type", contentType)),
            Framing.contentLength(body.size())),
        new Step.Data(body));
  }

  /** A JSON reply with a content length. */
  public static Script json(int status, String body) {
    return reply(status, "application/json", Bytes.utf8(body));
  }

  /** A JSON reply with status 200 and a content length. */
  public static Script json(String body) {
    return json(200, body);
  }

  /** A reply that is only a status, without a body. */
  public static Script status(int status) {
    return head(status, Framing.contentLength(0));
  }

  /** A head; the body follows with {@link #data}, {@link #frames} or {@link #repeat}. */
  public static Script head(int status, Framing framing, Header... headers) {
    return of(new Step.Head(status, List.of(headers), framing));
  }

  /** A chunked event stream; each frame (with its blank line) is one chunk. */
  public static Script sse(String... frames) {
    return head(200, Framing.chunked(), Header.of("content-type", "text/event-stream"))
        .frames(frames);
  }

  /** Bytes that are not HTTP, then FIN. */
  public static Script garbage(String bytes) {
    return EMPTY.raw(bytes).close();
  }

  /** A 200 whose head has {@code count} headers of {@code valueSize} bytes each. */
  public static Script hugeHeaders(int count, int valueSize) {
    Header[] headers = new Header[count];
    Arrays.setAll(headers, i -> Header.of("x-huge-" + i, "h".repeat(valueSize)));
    return head(200, Framing.contentLength(2), headers).data("ok");
  }

  public Script then(Step... more) {
    return new Script(Stream.concat(steps.stream(), Stream.of(more)).toList());
  }

  public Script data(String text) {
    return then(new Step.Data(Bytes.utf8(text)));
  }

  public Script data(Bytes bytes) {
    return then(new Step.Data(bytes));
  }

  /** One {@link Step.Data} a frame; each frame brings its own blank line. */
  public Script frames(String... frames) {
    return then(
        Stream.of(frames).map(frame -> new Step.Data(Bytes.utf8(frame))).toArray(Step[]::new));
  }

  public Script repeat(Bytes unit, long times) {
    return then(new Step.Repeat(unit, times));
  }

  public Script raw(String text) {
    return then(new Step.Raw(Bytes.utf8(text)));
  }

  public Script await(Gate gate) {
    return then(new Step.Await(gate));
  }

  public Script stall() {
    return then(new Step.Stall());
  }

  public Script close() {
    return then(new Step.Close());
  }

  public Script reset() {
    return then(new Step.Reset());
  }

  /** The same script written {@code bytes} at a time, head included. */
  public Script cutEvery(int bytes) {
    return before(new Step.Cut(bytes, Duration.ZERO));
  }

  /** The same script written byte by byte with a pause between two bytes. */
  public Script drip(Duration pause) {
    return before(new Step.Cut(1, pause));
  }

  /** The given steps first, then these. */
  public Script before(Step... first) {
    return new Script(Stream.concat(Stream.of(first), steps.stream()).toList());
  }

  /** The same script with one more header in every head. */
  public Script header(String name, String value) {
    return new Script(
        steps.stream()
            .map(step ->
                step instanceof Step.Head(int status, var headers, var framing)
                    ? new Step.Head(
                        status,
                        Stream.concat(headers.stream(), Stream.of(Header.of(name, value))).toList(),
                        framing)
                    : step)
            .toList());
  }

  /** Everything up to and including the {@code count}-th data step; what came after is dropped. */
  public Script keepData(int count) {
    return new Script(steps.subList(0, indexAfterData(count)));
  }

  /**
   * The given steps put in after the {@code count}-th data step (0: right before the first one).
   */
  public Script afterData(int count, Step... inserted) {
    int at = indexAfterData(count);
    List<Step> all = new ArrayList<>(steps);
    all.addAll(at, List.of(inserted));
    return new Script(all);
  }

  /** The number of {@link Step.Data} steps. */
  public int dataSteps() {
    return (int) steps.stream().filter(Step.Data.class::isInstance).count();
  }

  /**
   * The body a client must see: all data joined, framing taken off. Fails for a script with {@link
   * Step.Repeat}.
   */
  public Bytes payload() {
    List<Bytes> parts = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Data(Bytes bytes)) {
        parts.add(bytes);
      } else if (step instanceof Step.Repeat) {
        throw new IllegalStateException("a repeated body is not held in memory");
      }
    }
    return Bytes.concat(parts);
  }

  private int indexAfterData(int count) {
    int seen = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof Step.Data) {
        if (count == 0) {
          return i;
        }
        if (++seen == count) {
          return i + 1;
        }
      }
    }
    throw new IllegalArgumentException(
        "the script has " + dataSteps() + " data steps, asked for " + count);
  }
}
