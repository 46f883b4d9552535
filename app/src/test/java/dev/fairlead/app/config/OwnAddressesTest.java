package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses lead back to the gateway. */
class OwnAddressesTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, http://localhost:8080, true",
    "localhost, http://LOCALHOST:8080, true",
    "localhost, http://gw.localhost:8080, true",
    "localhost, http://127.0.0.1:8080/openai, true",
    "localhost, http://[::1]:8080, true",
    "localhost, http://[0:0:0:0:0:0:0:1]:8080, true",
    "localhost, http://0.0.0.0:8080, true",
    "localhost, http://localhost:9090, true",
    "localhost, http://localhost:8081, false",
    "localhost, http://localhost, false",
    "localhost, https://api.openai.com, false",
    "localhost, http://192.0.2.1:8080, false",
    "localhost, http://localhost.example.com:8080, false",
    "127.0.0.1, http://127.0.0.2:8080, false",
    "127.0.0.1, http://localhost:8080, true",
    "0.0.0.0, http://127.0.0.9:8080, true",
    "0.0.0.0, http://localhost:8080, true",
    "0.0.0.0, http://192.0.2.1:8080, false",
    "192.0.2.5, http://192.0.2.5:8080, true",
    "192.0.2.5, http://localhost:8080, false"
  })
  void leadBackHere(String host, URI url, boolean expected) {
    assertThat(OwnAddresses.of(List.of(host), Set.of(8080, 9090)).contain(url)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"http://localhost", "http://localhost:0"})
  void nothingIsKnownBeforeTheStart(URI url) {
    assertThat(OwnAddresses.UNKNOWN.contain(url)).isFalse();
  }
}
