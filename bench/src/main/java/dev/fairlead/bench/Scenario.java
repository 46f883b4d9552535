package dev.fairlead.bench;

import dev.fairlead.bench.load.LoadSpec.Mode;
import dev.fairlead.bench.peer.ReplyScript;
import java.util.List;

/**
 * One kind of load.
 *
 * @param name how the report calls it
 * @param group what {@code --only} chooses it by
 * @param mode how requests follow each other
 * @param bodyBytes length of a request body
 * @param script what the provider does
 * @param connections connections that are kept busy or held
 * @param ratePerSecond requests, or new streams, per second; 0 where the server sets the pace
 */
record Scenario(
    String name,
    Group group,
    Mode mode,
    int bodyBytes,
    ReplyScript script,
    int connections,
    double ratePerSecond) {

  /** What {@code --only} chooses from. */
  enum Group {
    SMALL("2k"),
    LARGE("76k"),
    SSE("sse"),
    OPENLOOP("openloop"),
    SLOW("slow"),
    CANCEL("cancel"),
    START("start"),
    KEYS("keys"),
    LOGGING("logging"),
    GOVERNED("governed"),
    TRANSLATED_SMALL("translated-2k"),
    TRANSLATED_LARGE("translated-76k"),
    TRANSLATED_SSE("translated-sse");

    private final String label;

    Group(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private static final int SMALL_BODY = 2 * 1024;
  private static final int LARGE_BODY = 76 * 1024;
  private static final double NEW_STREAMS_PER_SECOND = 1_000;

  static final Scenario SMALL =
      closed("2 KB body, JSON at once", Group.SMALL, SMALL_BODY, ReplyScript.JSON, 64);
  static final Scenario LARGE =
      closed("76 KB body, JSON at once", Group.LARGE, LARGE_BODY, ReplyScript.JSON, 32);
  static final Scenario BURST =
      closed(
          "2 KB body, SSE of 101 frames in one write",
          Group.SSE,
          SMALL_BODY,
          ReplyScript.SSE_BURST,
          16);
  static final Scenario SINGLY =
      closed(
          "2 KB body, SSE of 101 frames, a write each",
          Group.SSE,
          SMALL_BODY,
          ReplyScript.SSE_SINGLY,
          16);
  static final Scenario LARGE_BURST =
      closed(
          "76 KB body, SSE of 101 frames in one write",
          Group.SSE,
          LARGE_BODY,
          ReplyScript.SSE_BURST,
          16);
  static final Scenario SPACED =
      closed(
          "2 KB body, SSE of 101 frames 10 ms apart",
          Group.SSE,
          SMALL_BODY,
          ReplyScript.SSE_10_MS,
          64);

  static final List<Scenario> CLOSED = List.of(SMALL, LARGE, BURST, SINGLY, LARGE_BURST, SPACED);

  /** The same without those that only confirm others. */
  static final List<Scenario> CLOSED_QUICK = List.of(SMALL, LARGE, BURST, SINGLY, SPACED);

  static final Scenario TRANSLATED_SMALL =
      closed("translated, 2 KB body", Group.TRANSLATED_SMALL, SMALL_BODY, ReplyScript.JSON, 64);
  static final Scenario TRANSLATED_LARGE =
      closed("translated, 76 KB body", Group.TRANSLATED_LARGE, LARGE_BODY, ReplyScript.JSON, 32);
  static final Scenario TRANSLATED_BURST =
      closed(
          "translated, SSE of 101 frames in one write",
          Group.TRANSLATED_SSE,
          SMALL_BODY,
          ReplyScript.SSE_BURST,
          16);
  static final Scenario TRANSLATED_SINGLY =
      closed(
          "translated, SSE of 101 frames, a write each",
          Group.TRANSLATED_SSE,
          SMALL_BODY,
          ReplyScript.SSE_SINGLY,
          16);
  static final Scenario TRANSLATED_SPACED =
      closed(
          "translated, SSE of 101 frames 10 ms apart",
          Group.TRANSLATED_SSE,
          SMALL_BODY,
          ReplyScript.SSE_10_MS,
          64);

  /** Chat requests on a provider of another dialect, beside the same on one of their own. */
  static final List<Scenario> TRANSLATED =
      List.of(
          TRANSLATED_SMALL,
          TRANSLATED_LARGE,
          TRANSLATED_BURST,
          TRANSLATED_SINGLY,
          TRANSLATED_SPACED);

  static final Scenario LOGGED =
      closed("request log, 2 KB body", Group.LOGGING, SMALL_BODY, ReplyScript.JSON, 64);

  static final Scenario LOGGED_OPEN =
      new Scenario(
          "request log, 2 KB body, 1000 requests/s",
          Group.LOGGING,
          Mode.OPEN,
          SMALL_BODY,
          ReplyScript.JSON,
          1,
          1_000);

  /** A key with a team, a customer, four budgets and four limits, beside a key with none. */
  static final Scenario GOVERNED =
      closed("budgets and limits, 2 KB body", Group.GOVERNED, SMALL_BODY, ReplyScript.JSON, 64);

  static final List<Scenario> OPEN = List.of(open(1_000), open(2_000), open(5_000));

  /** Streams that stay open, one event every half second each. */
  static Scenario held(int streams) {
    return new Scenario(
        streams + " slow streams",
        Group.SLOW,
        Mode.HELD,
        SMALL_BODY,
        ReplyScript.SSE_500_MS,
        streams,
        NEW_STREAMS_PER_SECOND);
  }

  private static Scenario closed(
      String name, Group group, int bodyBytes, ReplyScript script, int connections) {
    return new Scenario(name, group, Mode.CLOSED, bodyBytes, script, connections, 0);
  }

  private static Scenario open(int rate) {
    return new Scenario(
        "2 KB body, " + rate + " requests/s",
        Group.OPENLOOP,
        Mode.OPEN,
        SMALL_BODY,
        ReplyScript.JSON,
        1,
        rate);
  }
}
