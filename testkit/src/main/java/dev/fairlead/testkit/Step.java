package dev.fairlead.testkit;

import java.time.Duration;
import java.util.List;

/**
 * One thing a scripted provider does in answer to a request; a {@link Script} is a list of them.
 */
public sealed interface Step {

  /** Writes the status line and the headers, adding the header that {@code framing} needs. */
  record Head(int status, List<Header> headers, Framing framing) implements Step {
    public Head {
      headers = List.copyOf(headers);
    }
  }

  /** Writes body bytes in the framing of the head; each step is one chunk of a chunked body. */
  record Data(Bytes bytes) implements Step {}

  /**
   * Writes the same body bytes {@code times} over without ever holding more than one unit; framed
   * like {@link Data}.
   */
  record Repeat(Bytes unit, long times) implements Step {
    public Repeat {
      if (unit.size() == 0 || times < 0) {
        throw new IllegalArgumentException("a repeat needs a non-empty unit and times >= 0");
      }
    }
  }

  /** Writes bytes as they are, past all framing: garbage, broken chunk sizes, hand-made heads. */
  record Raw(Bytes bytes) implements Step {}

  /**
   * Ends the body: the last chunk, or the connection if the body lasts until close. A script ends
   * so by itself.
   */
  record End() implements Step {}

  /**
   * From here on writes {@code bytes} at a time, each in a write of its own, with {@code pause}
   * between two writes; 0 bytes means uncut again.
   */
  record Cut(int bytes, Duration pause) implements Step {
    public Cut {
      if (bytes < 0 || pause.isNegative()) {
        throw new IllegalArgumentException("a cut needs bytes >= 0 and a pause >= 0");
      }
    }
  }

  /** Waits until the test opens the gate. */
  record Await(Gate gate) implements Step {}

  /**
   * Waits for a fixed time, to play a slow provider; a test that waits for something uses {@link
   * Await} instead.
   */
  record Pause(Duration duration) implements Step {}

  /** Does nothing until the client goes or the provider is closed. */
  record Stall() implements Step {}

  /** Closes the connection in order (FIN), wherever the body stands. */
  record Close() implements Step {}

  /** Resets the connection (RST), wherever the body stands. */
  record Reset() implements Step {}
}
