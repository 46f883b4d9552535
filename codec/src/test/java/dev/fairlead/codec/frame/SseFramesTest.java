package dev.fairlead.codec.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseFramesTest {
  /** Everything a stream gave rise to. */
  private static final class Recording implements SseFrames.Sink {
    final List<String> shown = new ArrayList<>();
    final List<Bytes> forwarded = new ArrayList<>();
    final SseFrames frames = new SseFrames(this);
    int largest;

    @Override
    public int recognise(byte[] array, int from, int to) {
      return -1;
    }

    @Override
    public void frame(SseFrame frame) {
      String data = frame.data().utf8();
      largest = Math.max(largest, frame.bytes().length());
      shown.add(
          frame.event().utf8()
              + "|"
              + (data.length() > 60 ? data.length() + ":" + data.hashCode() : data)
              + (frame.oversized() ? "|oversized" : ""));
    }

    @Override
    public void tail(Bytes end) {
      shown.add("tail|" + end.length() + ":" + end.hashCode());
    }

    Recording feed(Bytes chunk) {
      frames.feed(chunk, forwarded::add);
      return this;
    }

    Recording end() {
      frames.end();
      frames.forwardRest(forwarded::add);
      return this;
    }

    String text() {
      return Bytes.concat(forwarded).utf8();
    }
  }

  private static Recording whole(String stream) {
    return new Recording().feed(Bytes.utf8(stream)).end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void cutsAtBlankLinesOfAnyKind(String nl) {
    String stream =
        "event: a"
            + nl
            + "data: 1"
            + nl
            + nl
            + ": comment"
            + nl
            + nl
            + "data:2"
            + nl
            + "data:  3"
            + nl
            + nl;
    Recording record = whole(stream);
    assertThat(record.shown).containsExactly("a|1", "|2\n 3");
    assertThat(record.text()).isEqualTo(stream);
    assertThat(record.forwarded).hasSize(1);
    assertThat(record.frames.midFrame()).isFalse();
  }

  @Test
  void takesMixedLineEndsAndSuperfluousBlankLines() {
    Recording record = whole("data: 1\r\n\ndata: 2\n\r\n\n\n\r\rdata: 3\r\r\nevent: x\n\n");
    assertThat(record.shown).containsExactly("|1", "|2", "|3", "x|");
  }

  @Test
  void skipsAByteOrderMarkAtTheBeginningOnly() {
    Recording record = whole("\ufeffdata: 1\n\n\ufeffdata: 2\n\n");
    assertThat(record.shown).containsExactly("|1");
  }

  @Test
  void ignoresOtherFieldsAndEmptyData() {
    assertThat(whole("id: 7\nretry: 10\ndatax: 1\ndata\n\ndata:\n\ndata: \n\n").shown).isEmpty();
  }

  @Test
  void neverChangesWhatIsShownOrForwardedHoweverTheStreamIsCut() {
    String stream =
        "\ufeffevent: a\r\n"
            + "data: caf\u00e9\r\n\r\n"
            + ": ping\n\n"
            + "data: 1\n"
            + "data: 2\n\n\r\r"
            + "data: 3\r\r"
            + "data: last";
    Bytes bytes = Bytes.utf8(stream);
    Recording whole = whole(stream);
    assertThat(whole.shown).containsExactly("a|caf\u00e9", "|1\n2", "|3", "|last");
    for (int first = 0; first <= bytes.length(); first++) {
      for (int second = first; second <= bytes.length(); second++) {
        Recording cut = new Recording();
        cut.feed(bytes.slice(0, first)).feed(bytes.slice(first, second));
        cut.feed(bytes.slice(second, bytes.length())).end();
        assertThat(cut.shown).isEqualTo(whole.shown);
        assertThat(cut.text()).isEqualTo(stream);
      }
    }
  }

  @Test
  void forwardsWholeFramesOnlyAndSharesTheirBytes() {
    Recording record = new Recording();
    Bytes chunk = Bytes.utf8("data: 1\n\ndata: 2\n\ndata: 3");
    record.feed(chunk);
    assertThat(record.text()).isEqualTo("data: 1\n\ndata: 2\n\n");
    assertThat(record.forwarded.getFirst().array()).isSameAs(chunk.array());
    assertThat(record.frames.midFrame()).isFalse();
    record.feed(Bytes.utf8("4\n"));
    assertThat(record.forwarded).hasSize(1);
    record.feed(Bytes.utf8("\ndata: 5\n\n"));
    assertThat(record.forwarded).hasSize(3);
    assertThat(record.shown).containsExactly("|1", "|2", "|34", "|5");
  }

  @Test
  void saysThatAStreamEndedInsideAFrame() {
    Recording record = new Recording().feed(Bytes.utf8("data: 1\n"));
    assertThat(record.frames.midFrame()).isFalse();
    record.end();
    assertThat(record.frames.midFrame()).isTrue();
    assertThat(record.shown).containsExactly("|1");
  }

  @Test
  void showsTheEndsOfFramesTooLargeToKeepHoweverTheyAreCut() {
    String stream = "data: 1\n\nevent: big\ndata: " + "x".repeat(700_000) + "tail\n\ndata: 2\n\n";
    Bytes bytes = Bytes.utf8(stream);
    Recording whole = whole(stream);
    assertThat(whole.shown).hasSize(4);
    assertThat(whole.shown.get(1)).startsWith("big|").endsWith("|oversized");
    assertThat(whole.shown.get(2)).startsWith("tail|" + SseFrames.TAIL);
    Random random = new Random(3);
    for (int round = 0; round < 40; round++) {
      Recording cut = new Recording();
      int at = 0;
      while (at < bytes.length()) {
        int next = Math.min(bytes.length(), at + 1 + random.nextInt(1 << (4 + round % 16)));
        cut.feed(bytes.slice(at, next));
        at = next;
        if (round == 15 && at > 400_000 && at < 600_000) {
          assertThat(cut.frames.midFrame()).isTrue();
        }
      }
      cut.end();
      assertThat(cut.shown).isEqualTo(whole.shown);
      assertThat(Bytes.concat(cut.forwarded)).isEqualTo(bytes);
      assertThat(cut.frames.midFrame()).isFalse();
    }
  }

  @Test
  void relaysAnEndlessLineInBoundedMemory() {
    long[] forwarded = {0};
    Recording record = new Recording();
    Bytes chunk = Bytes.of(new byte[64 * 1024]);
    java.util.Arrays.fill(chunk.array(), (byte) 'x');
    record.feed(Bytes.utf8("data: "));
    for (int i = 0; i < 50_000; i++) { // 3 GB, more than the heap of the test
      record.frames.feed(chunk, part -> forwarded[0] += part.length());
    }
    assertThat(forwarded[0]).isEqualTo(6 + 50_000L * 64 * 1024);
    assertThat(record.largest).isEqualTo(SseFrames.MAX_HELD);
    assertThat(record.frames.midFrame()).isTrue();
    record.frames.feed(Bytes.utf8("\n\n"), part -> forwarded[0] += part.length());
    assertThat(record.frames.midFrame()).isFalse();
  }

  @Test
  void holdsExactlyTheBound() {
    String fits = "data: " + "x".repeat(SseFrames.MAX_HELD - 8) + "\n\n";
    for (int cut : new int[] {0, 1, 100_000, fits.length() - 1, fits.length()}) {
      Recording record = new Recording();
      record.feed(Bytes.utf8(fits).slice(0, cut)).feed(Bytes.utf8(fits).slice(cut, fits.length()));
      assertThat(record.shown).singleElement().asString().doesNotContain("oversized");
      assertThat(record.text()).isEqualTo(fits);
    }
  }
}
