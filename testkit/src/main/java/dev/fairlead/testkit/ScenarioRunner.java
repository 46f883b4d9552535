package dev.fairlead.testkit;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays {@link Scenario}s against a gateway whose provider is a {@link FakeProvider}, and tells
 * every difference at once.
 *
 * <p>Scenarios of one runner are played one after the other: each expects the next request at the
 * provider to be its own.
 */
public final class ScenarioRunner {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final URI gateway;
  private final FakeProvider provider;

  /**
   * {@code gateway} is an {@code http} address with a literal host or localhost; its path is put
   * before the targets.
   */
  public ScenarioRunner(URI gateway, FakeProvider provider) {
    this.gateway = gateway;
    this.provider = provider;
  }

  /** Fails with a readable list of all differences. */
  public void verify(Scenario scenario) {
    List<String> differences = run(scenario);
    if (!differences.isEmpty()) {
      throw new AssertionError(
          "scenario '" + scenario.name() + "':\n- " + String.join("\n- ", differences));
    }
  }

  /** All differences between what was expected and what happened; empty if there are none. */
  public List<String> run(Scenario scenario) {
    int before = provider.requestCount();
    provider.enqueue(scenario.providerReply());
    List<String> differences = new ArrayList<>();
    try (RawHttp client = RawHttp.connect(gateway).readTimeout(LIMIT)) {
      Scenario.ClientRequest request = scenario.request();
      String base = gateway.getPath() == null ? "" : gateway.getPath();
      client.request(request.method(), base + request.target(), request.headers(), request.body());
      compareReply(scenario.reply(), client.readReply(), differences);
    } catch (UncheckedIOException e) {
      differences.add("client: no whole reply: " + e.getMessage());
    }
    compareUpstream(scenario.upstream(), before, differences);
    provider.dropScripts();
    return differences;
  }

  private static void compareReply(
      Scenario.ExpectedReply expected, RawHttp.Reply actual, List<String> differences) {
    if (expected.status() != actual.status()) {
      differences.add(
          "client: expected status %d, got %d".formatted(expected.status(), actual.status()));
    }
    compare("client", expected.headers(), actual.head().headers(), differences);
    BytesDiff.between(expected.body(), actual.body())
        .ifPresent(difference -> differences.add("client: body " + difference));
  }

  private void compareUpstream(
      Scenario.ExpectedUpstream expected, int before, List<String> differences) {
    List<ReceivedRequest> calls =
        provider.requests().stream().filter(request -> request.number() > before).toList();
    switch (expected) {
      case Scenario.ExpectedUpstream.Nothing() -> {
        if (!calls.isEmpty()) {
          differences.add("provider: expected no request, got " + calls);
        }
      }
      case Scenario.ExpectedUpstream.Call call -> {
        if (calls.size() != 1) {
          differences.add("provider: expected one request, got " + calls);
        }
        if (!calls.isEmpty()) {
          compareCall(call, calls.getFirst(), differences);
        }
      }
    }
  }

  private static void compareCall(
      Scenario.ExpectedUpstream.Call expected, ReceivedRequest actual, List<String> differences) {
    String wanted = expected.method() + " " + expected.target();
    String got = actual.method() + " " + actual.target();
    if (!wanted.equals(got)) {
      differences.add("provider: expected " + wanted + ", got " + got);
    }
    compare("provider", expected.headers(), actual.headers(), differences);
    BytesDiff.between(expected.body(), actual.body())
        .ifPresent(difference -> differences.add("provider: body " + difference));
  }

  private static void compare(
      String side, List<HeaderRule> rules, List<Header> headers, List<String> differences) {
    for (HeaderRule rule : rules) {
      rule.check(headers).ifPresent(wrong -> differences.add(side + ": " + wrong));
    }
  }
}
