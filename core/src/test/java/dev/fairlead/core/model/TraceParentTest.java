package dev.fairlead.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String ID = "0198f3c2-5a10-7abc-8123-456789abcdef";

  @Test
  void whatIsWrittenIsReadAgain() {
    TraceParent parent = new TraceParent(TRACE, SPAN, true);

    assertThat(TraceParent.read(parent.header())).isEqualTo(parent);
  }

  @Test
  void aLaterVersionMayBeLonger() {
    assertThat(TraceParent.read("01-" + TRACE + "-" + SPAN + "-03-more"))
        .isEqualTo(new TraceParent(TRACE, SPAN, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"
      })
  void whatIsNotAPlaceInATraceIsNone(String header) {
    assertThat(TraceParent.read(header)).isNull();
  }

  @Test
  void aRequestWithoutATraceOpensOneOfItsOwn() {
    TraceParent own = new Tracing(true, 1).span(ID, null);

    assertThat(own.traceId()).isEqualTo(ID.replace("-", ""));
    assertThat(own.sampled()).isTrue();
    assertThat(new Tracing(true, 0).span(ID, null).sampled()).isFalse();
  }

  @Test
  void aShareOfRequestsIsDrawn() {
    Tracing tenth = new Tracing(true, 0.1);
    java.util.Random random = new java.util.Random(7);
    int sampled = 0;
    for (int i = 0; i < 10_000; i++) {
      String id = dev.fairlead.core.exchange.RequestId.of(i, random.nextLong(), random.nextLong());
      sampled += tenth.span(id, null).sampled() ? 1 : 0;
    }

    assertThat(sampled).isBetween(900, 1_100);
  }

  @Test
  void theClientDecidesAboutItsOwnTrace() {
    TraceParent client = new TraceParent(TRACE, SPAN, false);

    assertThat(new Tracing(true, 1).span(ID, client))
        .isEqualTo(new TraceParent(TRACE, "8123456789abcdef", false));
  }
}
