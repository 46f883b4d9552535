package dev.fairlead.wire;

import dev.fairlead.testkit.FakeProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A provider that notes ambiguous framing, and gateways that are checked when the test is over. */
abstract class GatewayTest {
  static final Duration LIMIT = Duration.ofSeconds(30);

  FakeProvider provider = FakeProvider.with().checkFraming().start();
  private final List<GatewayFixture> started = new ArrayList<>();

  @BeforeEach
  final void nothingStarted() {
    started.clear();
  }

  /** Providers openai and anthropic at {@link #provider}. */
  final GatewayFixture gateway() {
    return start(GatewayFixture.with().usual(provider.uri()));
  }

  final GatewayFixture start(GatewayFixture.Builder builder) {
    GatewayFixture gateway = builder.start();
    started.add(gateway);
    return gateway;
  }

  @AfterEach
  final void nothingIsLeft() {
    List<AssertionError> failures = new ArrayList<>();
    for (GatewayFixture gateway : started) {
      try {
        gateway.close();
      } catch (AssertionError left) {
        failures.add(left);
      }
    }
    provider.close();
    for (AssertionError failure : failures) {
      throw failure;
    }
    provider.assertNoViolations();
  }
}
