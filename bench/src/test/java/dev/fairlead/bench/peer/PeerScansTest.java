package dev.fairlead.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.bench.load.RequestBodies;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

final class PeerScansTest {

  @Test
  void prototypeTakesOnlyThePrefixOut() {
    byte[] prefixed = RequestBodies.chat(77_824, "openai/bench-json", true);
    String expected =
        new String(prefixed, StandardCharsets.UTF_8).replace("openai/bench-json", "bench-json");

    assertThat(new String(ByteScan.withoutPrefix(prefixed), StandardCharsets.UTF_8))
        .isEqualTo(expected);
  }

  @Test
  void prototypeLeavesOtherBodiesAlone() {
    byte[] plain = RequestBodies.chat(2_048, "bench-json", false);
    byte[] cut = "{\"model\":\"op".getBytes(StandardCharsets.UTF_8);

    assertThat(ByteScan.withoutPrefix(plain)).isSameAs(plain);
    assertThat(ByteScan.withoutPrefix(cut)).isSameAs(cut);
    assertThat(ByteScan.modelValue(new byte[0])).isEqualTo(-1);
  }

  @Test
  void providerSeesTheModelWhereverAGatewayPutsIt() {
    assertThat(
            lastModel("{\"model\": \"a/b\",\"messages\":[\"model\"],\"m\":{\"model\":\"decoy\"}}"))
        .isEqualTo("a/b");
    assertThat(lastModel("{\"text\":\"say \\\"model\\\":\\\"x\\\"\"}")).isNull();
    assertThat(lastModel("{\"model\":7}")).isNull();
  }

  @Test
  void prototypeReadsUsageHoweverTheStreamIsCut() {
    EventTemplate events = EventTemplate.chat();
    byte[] reply = events.render(0, events.pieces(), 1);
    for (int size : new int[] {1, 7, 230, reply.length}) {
      LongAdder tokens = new LongAdder();
      UsageScan usage = new UsageScan(tokens);
      for (int at = 0; at < reply.length; at += size) {
        usage.feed(Arrays.copyOfRange(reply, at, Math.min(reply.length, at + size)));
      }

      assertThat(tokens.sum()).as("pieces of %d bytes", size).isEqualTo(612);
    }
  }

  @Test
  void eventsCarryTheTimeTheyWereSent() {
    EventTemplate events = EventTemplate.chat();
    long now = 123_456_789_012_345L;

    String piece = new String(events.render(5, 6, now), StandardCharsets.US_ASCII);

    assertThat(piece).contains("\"fp_000123456789012345\"").endsWith("}\n\n\r\n");
    assertThat(piece.length()).isBetween(200, 260);
  }

  private static @org.jspecify.annotations.Nullable String lastModel(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return ModelField.last(bytes, bytes.length);
  }
}
