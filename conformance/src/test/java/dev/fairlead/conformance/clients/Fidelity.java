package dev.fairlead.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.ReceivedRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * That a provider received what a client sent: its bytes but for the model, its headers but for
 * those of one hop.
 */
final class Fidelity {
  private static final Set<String> NOT_PASSED =
      Set.of(
          "host",
          "connection",
          "keep-alive",
          "te",
          "content-length",
          "content-encoding",
          "accept-encoding",
          "authorization",
          "x-api-key");

  private Fidelity() {}

  /**
   * Compares by the target's path and the order of arrival.
   *
   * @param prefix what the gateway takes off the model's name; empty for none
   */
  static void assertPassedOn(List<Tee.Sent> sent, List<ReceivedRequest> received, String prefix) {
    assertThat(received).as("requests at the provider").hasSameSizeAs(sent);
    for (ReceivedRequest request : received) {
      assertThat(sent)
          .as("what the client sent for %s", request)
          .anySatisfy(original -> {
            assertThat(request.body().utf8()).isEqualTo(renamed(original, prefix));
            assertHeadersPassed(original, request);
          });
    }
  }

  private static String renamed(Tee.Sent original, String prefix) {
    String body = original.body().utf8();
    return prefix.isEmpty() ? body : body.replaceFirst("(\"model\"\\s*:\\s*\")" + prefix, "$1");
  }

  private static void assertHeadersPassed(Tee.Sent original, ReceivedRequest request) {
    for (Header header : original.headers()) {
      if (!NOT_PASSED.contains(header.name().toLowerCase(Locale.ROOT))) {
        assertThat(request.headerValues(header.name()))
            .as("header %s", header.name())
            .contains(header.value());
      }
    }
  }
}
