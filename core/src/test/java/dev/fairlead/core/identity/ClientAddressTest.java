package dev.fairlead.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.model.Headers;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forwarding headers are believed from the proxies that are named, and from nobody else. */
class ClientAddressTest {
  private static final AddressBlocks PROXIES =
      AddressBlocks.of(List.of("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/33", "127.0.0.1/32"));

  private static String client(String peer, String... forwarded) {
    Headers.Builder headers = Headers.builder();
    for (String line : forwarded) {
      headers.add("X-Forwarded-For", line);
    }
    return ClientAddress.of(InetAddress.ofLiteral(peer), headers.build(), PROXIES).getHostAddress();
  }

  @Test
  void aPeerThatIsNoProxyIsTheClientWhateverItSays() {
    assertThat(client("203.0.113.7", "198.51.100.1")).isEqualTo("203.0.113.7");
    assertThat(client("11.0.0.1", "198.51.100.1")).isEqualTo("11.0.0.1");
    assertThat(client("192.0.2.6", "198.51.100.1")).isEqualTo("192.0.2.6");
  }

  @Test
  void theLastAddressThatIsNoProxyIsTheClient() {
    assertThat(client("10.1.2.3", "198.51.100.1")).isEqualTo("198.51.100.1");
    assertThat(client("10.1.2.3", "6.6.6.6, 198.51.100.1, 192.0.2.7")).isEqualTo("198.51.100.1");
    assertThat(client("10.1.2.3", "6.6.6.6", "198.51.100.1,10.9.9.9")).isEqualTo("198.51.100.1");
    assertThat(client("2001:db8::5", "2001:db8:8000::1")).isEqualTo("2001:db8:8000:0:0:0:0:1");
    assertThat(client("10.1.2.3", "10.0.0.4")).isEqualTo("10.0.0.4");
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.1:4711, 198.51.100.1",
    "[2001:db8:8000::1]:4711, 2001:db8:8000:0:0:0:0:1",
    "unknown, 10.1.2.3",
    "'', 10.1.2.3",
    "'198.51.100.1, unknown', 10.1.2.3",
    "localhost, 10.1.2.3",
    "fe80::1%eth0, 10.1.2.3",
    "1, 10.1.2.3"
  })
  void whatIsNoAddressEndsTheSearch(String forwarded, String expected) {
    assertThat(client("10.1.2.3", forwarded)).isEqualTo(expected);
  }

  @Test
  void aProxyThatSaysNothingIsAllThatIsKnown() {
    assertThat(client("10.1.2.3")).isEqualTo("10.1.2.3");
    assertThat(client("10.1.2.3", "10.0.0.1, ".repeat(500) + "10.0.0.2")).isEqualTo("10.0.0.1");
  }

  @Test
  void blocksAreCheckedWhenTheyAreRead() {
    assertThatThrownBy(() -> AddressBlocks.of(List.of("10.0.0.0/33")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AddressBlocks.of(List.of("10.0.0.0")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(AddressBlocks.of(List.of("0.0.0.0/0")).contains(InetAddress.ofLiteral("8.8.8.8")))
        .isTrue();
    assertThat(AddressBlocks.of(List.of("0.0.0.0/0")).contains(InetAddress.ofLiteral("::2")))
        .isFalse();
  }
}
