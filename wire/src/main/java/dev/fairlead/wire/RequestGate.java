package dev.fairlead.wire;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.Refusal;
import dev.fairlead.core.exchange.RequestId;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.identity.Circumstances;
import dev.fairlead.core.identity.ClientAddress;
import dev.fairlead.core.identity.Identify;
import dev.fairlead.core.identity.LoopbackTrust;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.TraceParent;
import dev.fairlead.core.model.Tracing;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.port.Site;
import dev.fairlead.provider.UpstreamHeaders;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a request on its headers alone: where it wants to go and who asks. Nothing of a
 * body is read before that is settled.
 */
final class RequestGate {
  private static final Logger LOG = LoggerFactory.getLogger(RequestGate.class);
  private static final int MOST_HOPS = 5;

  /** Ends of names that nobody can register. */
  private static final List<String> INTERNAL_DOMAINS =
      List.of(
          ".localhost", ".local", ".internal", ".lan", ".home.arpa", ".svc", ".svc.cluster.local");

  private final Loop loop;
  private final boolean listenerLoopback;

  RequestGate(Loop loop, boolean listenerLoopback) {
    this.loop = loop;
    this.listenerLoopback = listenerLoopback;
  }

  Loop loop() {
    return loop;
  }

  void handle(ClientRequest request) {
    long nanos = loop.nanos();
    Headers headers = request.headers();
    Failure fault = Framing.fault(request);
    if (fault != null) {
      Arrival unread = arrival(request, headers, nanos);
      closed(unread, fault, Refusals.answer(loop, unread, fault, ClientResponse.Then.CLOSE));
      return;
    }
    String method = request.method();
    if (method.equals("OPTIONS")) {
      Arrival asked = arrival(request, headers, nanos);
      if (siteOf(asked) == null) {
        loop.cors().preflight(request);
        if (!(asked.route() instanceof Route.Other)) {
          loop.gateway().preflight(asked.path(), headers);
        }
      } else {
        loop.cors().sitePreflight(request);
      }
      return;
    }
    Arrival arrival = arrival(request, headers, nanos);
    String path = arrival.path();
    if (request.connection().late() && !isEndpoint(arrival)) {
      Failure stopping =
          new Failure.Denied(
              503, "stopped", "This gateway is stopping and takes no new requests. Ask again.", 1);
      closed(arrival, stopping, Refusals.answer(loop, arrival, stopping, ClientResponse.Then.PART));
      return;
    }
    switch (arrival.route()) {
      case Route.Inference(var operation, String deployment) -> {
        if (method.equals("GET") && upgradesToWebSocket(headers)) {
          webSocket(arrival);
        } else if (!method.equals("POST")) {
          request.response().set("allow", "POST, OPTIONS");
          answerSmall(
              arrival,
              new Failure.ClientFault(405, "method_not_allowed", path + " takes POST only.", null));
        } else {
          inference(arrival, new Inference(loop, arrival, operation, deployment));
        }
      }
      case Route.Models _ -> endpoint(arrival, loop.gateway().modelLists());
      case Route.Other() -> other(arrival);
    }
  }

  private Arrival arrival(ClientRequest request, Headers headers, long nanos) {
    String path = request.path();
    if (!path.startsWith("/")) {
      path = "/";
    }
    long now = System.currentTimeMillis();
    String id =
        RequestId.of(
            now, ThreadLocalRandom.current().nextLong(), ThreadLocalRandom.current().nextLong());
    Tracing tracing = loop.gateway().tracing();
    TraceParent trace = tracing.on() ? TraceParent.read(headers.get(TraceParent.HEADER)) : null;
    return new Arrival(
        request,
        tracing.on() ? headers.with(TraceParent.HEADER, tracing.span(id, trace).header()) : headers,
        trace,
        loop.gateway().inference() ? Route.of(path) : new Route.Other(),
        path,
        id,
        nanos,
        now);
  }

  private boolean isEndpoint(Arrival arrival) {
    return arrival.route() instanceof Route.Other
        && loop.gateway().endpoints().containsKey(arrival.path());
  }

  /**
   * A request whose head has arrived.
   *
   * @param headers the client's, but for {@code traceparent} when requests are traced
   * @param trace the trace the client says it belongs to, or null; read only when requests are
   *     traced
   * @param nanos monotonic time of its arrival
   * @param millis the same as epoch milliseconds
   */
  record Arrival(
      ClientRequest request,
      Headers headers,
      @Nullable TraceParent trace,
      Route route,
      String path,
      String id,
      long nanos,
      long millis) {
    Dialect dialect() {
      return Route.dialectOf(route, path, headers.contains("anthropic-version"));
    }

    String query() {
      return request.query();
    }

    /** Where the client runs, or empty when its connection is gone already. */
    String clientAddress(AddressBlocks proxies) {
      InetAddress peer = proxies.isEmpty() ? null : request.connection().peer();
      return peer == null
          ? request.connection().peerText()
          : ClientAddress.of(peer, headers, proxies).getHostAddress();
    }

    @Nullable String clientRequestId() {
      String own = headers.get("x-request-id");
      return own == null || own.length() > 128 ? null : own;
    }
  }

  private void inference(Arrival arrival, Inference inference) {
    Failure loopFound = hopFailure(arrival.headers());
    if (loopFound != null) {
      inference.refuse(loopFound, "unknown", true);
      return;
    }
    Snapshot snapshot = loop.gateway().snapshot();
    Identify.Outcome who = identify(arrival, snapshot);
    switch (who) {
      case Identify.Outcome.Refused(Failure.Denied denied) ->
          inference.refuse(denied, "unknown", true);
      case Identify.Outcome.Known(Principal principal) -> {
        Failure missing = missingHeader(arrival.headers(), snapshot.client());
        Failure unserved =
            missing == null
                ? BifrostHeaders.refusal(arrival.headers(), snapshot.client())
                : missing;
        if (unserved != null) {
          inference.refuse(unserved, principal.id(), true);
        } else {
          inference.readBody(snapshot, principal);
        }
      }
    }
  }

  /** Whether the peer is a proxy whose forwarding headers are believed. */
  private boolean proxied(ClientRequest request) {
    AddressBlocks proxies = loop.gateway().snapshot().client().trustedProxies();
    InetAddress peer = proxies.isEmpty() ? null : request.connection().peer();
    return peer != null && proxies.contains(peer);
  }

  private Identify.Outcome identify(Arrival arrival, Snapshot snapshot) {
    ClientRequest request = arrival.request();
    InetAddress peer = request.connection().peer();
    AddressBlocks proxies = snapshot.client().trustedProxies();
    boolean proxied = peer != null && proxies.contains(peer);
    Circumstances circumstances =
        new Circumstances(
            listenerLoopback,
            peer != null && peer.isLoopbackAddress(),
            proxied,
            request.isHttp10(),
            arrival.headers(),
            keyIn(arrival),
            peer == null || !proxied ? peer : ClientAddress.of(peer, arrival.headers(), proxies));
    return loop.gateway()
        .identify()
        .identify(circumstances, snapshot, Instant.ofEpochMilli(arrival.millis()));
  }

  private static String keyIn(Arrival arrival) {
    if (!RequestExtensions.mayHoldKey(arrival.query())) {
      return "";
    }
    try {
      String key = arrival.request().parameter("key");
      return key == null ? "" : key;
    } catch (IllegalArgumentException notEncoded) {
      return "";
    }
  }

  private @Nullable Failure hopFailure(Headers headers) {
    String hop = headers.get(UpstreamHeaders.HOP);
    if (hop == null) {
      return null;
    }
    return hops(headers) >= MOST_HOPS
        ? new Failure.ClientFault(
            508,
            "loop_detected",
            "This request has passed "
                + MOST_HOPS
                + " gateways. A provider's base_url probably leads back to this gateway.",
            null)
        : null;
  }

  /** Gateways a request has passed so far. */
  static int hops(Headers headers) {
    String hop = headers.get(UpstreamHeaders.HOP);
    if (hop == null || hop.isEmpty() || hop.length() > 3) {
      return 0;
    }
    try {
      return Math.max(0, Integer.parseInt(hop));
    } catch (NumberFormatException notOurs) {
      return 0;
    }
  }

  private static @Nullable Failure missingHeader(Headers headers, ClientSettings settings) {
    for (String required : settings.requiredHeaders()) {
      if (!headers.contains(required)) {
        return new Failure.ClientFault(
            400,
            "missing_header",
            "This gateway requires the header " + required + " (client.required_headers).",
            null);
      }
    }
    return null;
  }

  private static boolean upgradesToWebSocket(Headers headers) {
    return "websocket".equalsIgnoreCase(headers.get("upgrade"));
  }

  /**
   * Codex tries a WebSocket first and falls back to HTTP when told that an upgrade is not to be
   * had.
   */
  private void webSocket(Arrival arrival) {
    arrival.request().response().set("upgrade", "HTTP/1.1");
    answerSmall(
        arrival,
        new Failure.ClientFault(
            426,
            "websocket_not_served",
            "WebSockets are not served here; send the request as POST over HTTP.",
            null));
  }

  private void other(Arrival arrival) {
    Endpoint endpoint = loop.gateway().endpoints().get(arrival.path());
    if (endpoint != null) {
      endpoint(arrival, endpoint);
      return;
    }
    boolean probe =
        arrival.request().isHead()
            && (arrival.path().equals("/")
                || isHello(arrival.path())
                || isPrefixRoot(arrival.path()));
    if (probe || (arrival.request().method().equals("GET") && isHello(arrival.path()))) {
      arrival.request().response().end();
      return;
    }
    Site site = siteOf(arrival);
    if (site != null) {
      begin(arrival, site);
      return;
    }
    answerSmall(
        arrival,
        new Failure.ClientFault(
            404,
            "unknown_path",
            "Nothing is served at "
                + printable(arrival.path())
                + ". Clients of OpenAI's API use /v1 or /openai/v1, Anthropic's /anthropic, Cursor"
                + " /cursor.",
            null));
  }

  private void begin(Arrival arrival, Site site) {
    Failure full = SiteCall.begin(loop, arrival, site, proxied(arrival.request()));
    if (full != null) {
      answerSmall(arrival, full);
    }
  }

  /** The site that serves what nothing else does, or null. */
  private @Nullable Site siteOf(Arrival arrival) {
    if (!(arrival.route() instanceof Route.Other)
        || loop.gateway().endpoints().containsKey(arrival.path())) {
      return null;
    }
    return serving(arrival);
  }

  private @Nullable Site serving(Arrival arrival) {
    String method = arrival.request().method();
    for (Site site : loop.gateway().sites()) {
      if (site.serves(method, arrival.path(), arrival.headers())) {
        return site;
      }
    }
    return null;
  }

  private static boolean isHello(String path) {
    return path.endsWith("/api/hello");
  }

  private static boolean isPrefixRoot(String path) {
    String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return Route.PREFIXES.contains(bare);
  }

  private static String printable(String path) {
    String cut = path.length() > 200 ? path.substring(0, 200) + "…" : path;
    return cut.replaceAll("[^\\x20-\\x7e…]", "?");
  }

  private void endpoint(Arrival arrival, Endpoint endpoint) {
    ClientRequest request = arrival.request();
    if (!request.method().equals("GET") && !request.isHead()) {
      request.response().set("allow", "GET, HEAD, OPTIONS");
      answerSmall(
          arrival,
          new Failure.ClientFault(
              405, "method_not_allowed", printable(arrival.path()) + " takes GET only.", null));
      return;
    }
    Principal principal = null;
    Endpoint.Access access = endpoint.access();
    if (access == Endpoint.Access.IDENTIFIED
        || (access == Endpoint.Access.INTERNAL && !internal(arrival))) {
      switch (identify(arrival, loop.gateway().snapshot())) {
        case Identify.Outcome.Known(Principal known) -> principal = known;
        case Identify.Outcome.Refused(Failure.Denied denied) -> {
          Site site = endpoint.yields(arrival.headers()) ? serving(arrival) : null;
          if (site == null) {
            answerSmall(arrival, denied);
          } else {
            begin(arrival, site);
          }
          return;
        }
      }
    }
    Endpoint.Ask ask =
        new Endpoint.Ask(
            request.method(), arrival.path(), arrival.query(), arrival.headers(), principal);
    Principal asking = principal;
    CompletableFuture<Endpoint.Answer> answer = ask(endpoint, ask);
    if (answer.isDone()) {
      answer.whenComplete((now, broken) -> answered(arrival, asking, now, broken));
    } else {
      answer.whenComplete(
          (later, broken) -> loop.soon(() -> answered(arrival, asking, later, broken)));
    }
  }

  private static CompletableFuture<Endpoint.Answer> ask(Endpoint endpoint, Endpoint.Ask ask) {
    try {
      return endpoint.answerLater(ask);
    } catch (RuntimeException bug) {
      return CompletableFuture.failedFuture(bug);
    }
  }

  private void answered(
      Arrival arrival,
      @Nullable Principal principal,
      Endpoint.@Nullable Answer answer,
      @Nullable Throwable broken) {
    if (answer != null) {
      answered(arrival, principal, answer);
      return;
    }
    LOG.warn("The endpoint {} failed", printable(arrival.path()), broken);
    Failure failure =
        new Failure.Internal(
            500, "internal_error", "The request failed within the gateway; see its log.");
    long sent = Refusals.answer(loop, arrival, failure, true);
    loop.gateway()
        .closed(
            ended(arrival, principal == null ? "unknown" : principal.id(), failure)
                .receipt(loop.nanos(), sent));
  }

  private void answered(Arrival arrival, @Nullable Principal principal, Endpoint.Answer answer) {
    ClientRequest request = arrival.request();
    ClientResponse response = request.response();
    if (response.closed()) {
      if (arrival.route() instanceof Route.Models) {
        Refusal gone = ended(arrival, principal == null ? "unknown" : principal.id(), null);
        loop.gateway().closed(gone.receipt(loop.nanos(), 0));
      }
      return;
    }
    response.status(answer.status()).headers(answer.headers()).set("x-request-id", arrival.id());
    loop.cors().allow(request, response);
    response.end(answer.body());
    if (arrival.route() instanceof Route.Models) {
      Refusal asked = ended(arrival, principal == null ? "unknown" : principal.id(), null);
      loop.gateway().closed(asked.answered(answer.status(), loop.nanos(), answer.body().length()));
    }
  }

  /**
   * From this machine or its private network, with no sign of having been forwarded (HTTP/1.0 is
   * one: proxies speak it unless told otherwise), and asked for by a name that cannot be had on the
   * internet: a web page could lead its own name here and read the answer as its own.
   */
  private static boolean internal(Arrival arrival) {
    if (!internalName(arrival.headers().get("host")) || arrival.request().isHttp10()) {
      return false;
    }
    InetAddress address = arrival.request().connection().peer();
    if (address == null || !(address.isLoopbackAddress() || address.isSiteLocalAddress())) {
      return false;
    }
    return LoopbackTrust.forwardedBy(arrival.headers()) == null
        && !arrival.headers().contains("origin");
  }

  private static boolean internalName(@Nullable String hostAndPort) {
    if (hostAndPort == null || hostAndPort.isEmpty()) {
      return false;
    }
    if (hostAndPort.startsWith("[")) {
      return true;
    }
    int colon = hostAndPort.indexOf(':');
    String host =
        (colon < 0 ? hostAndPort : hostAndPort.substring(0, colon)).toLowerCase(Locale.ROOT);
    if (host.indexOf('.') < 0 || INTERNAL_DOMAINS.stream().anyMatch(host::endsWith)) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).getAddress().length > 0;
    } catch (IllegalArgumentException aName) {
      return false;
    }
  }

  /** Refuses a request that never becomes inference. */
  private void answerSmall(Arrival arrival, Failure failure) {
    closed(arrival, failure, Refusals.answer(loop, arrival, failure, true));
  }

  private void closed(Arrival arrival, Failure failure, long sent) {
    loop.gateway().closed(ended(arrival, "unknown", failure).receipt(loop.nanos(), sent));
  }

  private Refusal ended(Arrival arrival, String principal, @Nullable Failure failure) {
    AddressBlocks proxies = loop.gateway().snapshot().client().trustedProxies();
    return new Refusal(
        arrival.id(),
        arrival.nanos(),
        arrival.millis(),
        arrival.clientRequestId(),
        principal,
        loop.gateway()
            .clients()
            .classify(arrival.headers(), null, false)
            .at(arrival.clientAddress(proxies))
            .within(arrival.trace()),
        Attribution.NONE,
        arrival.route() instanceof Route.Inference(var operation, String _) ? operation : null,
        null,
        false,
        0,
        0,
        failure);
  }
}
